// Which cases run, and in which groups: selection, shards, what applies to the port's facts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/runner/group.h"
#include "conformance/spec/spec.h"

namespace conformance {

struct Shard {
  int index = 1;  // from 1
  int count = 1;
};

// "2/8"; empty when it is no such thing.
std::optional<Shard> parse_shard(std::string_view text);

// Does this case belong to the shard? By a hash of port and id: disjoint, complete, the same on
// every machine.
bool in_shard(const Shard& shard, const std::string& port, const std::string& id);

// Was the case selected? `selection` as on the command line; directories and files select whole
// families, which the loader has done already, so only what looks like an id counts here.
bool selected(const std::vector<std::string>& selection, const Case& one);

// Cases that apply (the caller has taken out the skipped ones) of one port, all of one row of
// processes, as groups.
std::vector<Group> make_groups(const std::vector<Case>& cases, const Facts& facts);

}  // namespace conformance
