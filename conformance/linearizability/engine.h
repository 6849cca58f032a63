// The search for one model, behind one virtual call a search: everything inside it is static.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "conformance/linearizability/model.h"
#include "conformance/linearizability/search.h"

namespace conformance {

class Engine {
 public:
  virtual ~Engine() = default;

  // memory.levels holds the order, memory.furthest the longest part of one.
  virtual Found search(const Problem& problem, const Setup& setup, SearchMemory& memory,
                       const SearchLimits& limits) = 0;

  // The states that all orders of the problem end in, as words; None when these are all.
  // OutOfMemory when there are more than `most`.
  virtual Found ends(const Problem& problem, const Setup& setup, SearchMemory& memory,
                     const SearchLimits& limits, std::size_t most, std::vector<Word>& ends) = 0;

  // Plays `order` from the start and says what then stands there, and for each of `asked` what the
  // model would answer (absent: it would wait).
  virtual Word replay(const Problem& problem, const Setup& setup,
                      std::span<const std::int32_t> order, std::span<const std::int32_t> asked,
                      std::vector<Word>& answers) = 0;

  // One step of a state that is a word: every answer with the state behind it.
  struct Outcome {
    Word answer, state;
  };
  virtual std::vector<Outcome> outcomes(const Setup& setup, const Step& step) = 0;
};

std::unique_ptr<Engine> make_engine(const Model& model);

// How many keys a word of arguments or of an initial state brings along, and which: fills `keys`.
void add_keys(const Model& model, const Method& method, const Step& step, const WordTable& words,
              KeyNumbers& keys);
void add_initial_keys(const Model& model, Word initial, const WordTable& words, KeyNumbers& keys);

}  // namespace conformance
