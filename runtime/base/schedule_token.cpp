#include "runtime/base/schedule_token.h"

#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace runtime {

namespace {

// FNV-1a: nobody attacks a token.
std::string digest(const std::string& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  char text[17];
  std::snprintf(text, sizeof(text), "%08x", static_cast<unsigned>(hash ^ (hash >> 32)));
  return text;
}

struct Reader {
  const std::string& text;
  std::size_t at = 0;

  bool number(unsigned& value) {
    std::size_t begin = at;
    std::uint64_t sum = 0;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0 &&
           sum < 1'000'000'000) {
      sum = sum * 10 + static_cast<unsigned>(text[at++] - '0');
    }
    value = static_cast<unsigned>(sum);
    return at != begin;
  }
  bool one(char wanted) {
    if (at >= text.size() || text[at] != wanted) return false;
    ++at;
    return true;
  }
  [[nodiscard]] bool done() const { return at == text.size(); }
};

}  // namespace

const std::string& build_identity() {
  static const std::string identity = [] {
    std::ifstream program("/proc/self/exe", std::ios::binary);
    return digest(std::string(std::istreambuf_iterator<char>(program), {}));
  }();
  return identity;
}

std::string write_token(const ScheduleToken& token) {
  std::string text = token.scenario + "@" + token.build;
  if (!token.mutant.empty()) text += "+" + token.mutant;
  text += ":";
  bool first = true;
  for (const machine::Switch& one : token.switches) {
    if (!first) text += ",";
    first = false;
    text += std::to_string(one.from) + "." + std::to_string(one.operation_index) + ">" +
            std::to_string(one.to);
    if (one.fires_timeout) text += "t";
  }
  return text;
}

std::optional<ScheduleToken> read_token(const std::string& text, std::string& problem) {
  std::size_t at_sign = text.find('@');
  std::size_t colon = text.rfind(':');
  if (at_sign == std::string::npos || colon == std::string::npos || colon < at_sign) {
    problem = "'" + text + "' is no token; one looks like scenario@build:1.12>2,2.7>1";
    return std::nullopt;
  }
  ScheduleToken token;
  token.scenario = text.substr(0, at_sign);
  std::string origin = text.substr(at_sign + 1, colon - at_sign - 1);
  std::size_t plus = origin.find('+');
  token.build = origin.substr(0, plus);
  if (plus != std::string::npos) token.mutant = origin.substr(plus + 1);
  Reader reader{text, colon + 1};
  bool whole = true;
  while (whole && !reader.done()) {
    machine::Switch one;
    whole = (token.switches.empty() || reader.one(',')) && reader.number(one.from) &&
            reader.one('.') && reader.number(one.operation_index) && reader.one('>') &&
            reader.number(one.to);
    one.fires_timeout = reader.one('t');
    token.switches.push_back(one);
  }
  if (!whole) {
    problem = "the token is damaged at character " + std::to_string(reader.at + 1) + " ('" +
              text.substr(reader.at, 8) +
              "'); a switch looks like 1.12>2, or 1.12>2t for a timeout";
    return std::nullopt;
  }
  return token;
}

}  // namespace runtime
