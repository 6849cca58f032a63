// What a sequential object may answer: the models by name, their tables of methods, and one step of
// one of them as a pure function.
//
// A model is the object as one thread alone would meet it: list, dict, set, deque, queue, counter,
// register, kv. Its table lists its methods with the kinds of their arguments, whether they may change
// the state, and which argument is the key that makes histories of different keys independent. From
// the table programs are generated, arguments are checked, and histories are partitioned; whoever
// asks for a method or an argument that the model does not know is told so by name, with what it
// knows.
//
// ModelState is for those who walk through few states and want values: generators of programs,
// enumeration of all outcomes, brute force. The checker's own states (models/*.h) answer the same
// questions on words, in place, with undo; ModelState is a copy of one of them, so there is one
// implementation of what a method means.
//
// Results and exceptions are those of Python's documents: https://docs.python.org/3/library/stdtypes.html,
// collections.html, queue.html. Thread safety: tables are constant; states are values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/history/operation.h"

namespace conformance {

enum class ArgumentKind : std::uint8_t {
  Element,   // any value
  Key,       // a hashable value
  Index,     // an integer that is a place; may be negative
  Count,     // an integer that is a number (rotate, add)
  Text,      // str
  Elements,  // a list of any values (extend)
  Keys,      // a list or set of hashable values (set.update)
  Pairs,     // a dict (dict.update)
};
std::string_view to_string(ArgumentKind kind);

enum class Changes : std::uint8_t { Never, Maybe };

struct Method {
  std::string_view name;
  std::uint8_t code;  // within its model
  std::vector<ArgumentKind> arguments;
  int required;  // of the arguments; those behind are optional
  Changes changes;
  int key;  // index of the argument whose == makes histories independent; -1: speaks of the whole
  std::string_view summary;
};

struct Model {
  std::string_view name;
  std::string_view summary;
  std::vector<Method> methods;
  bool takes_bound;  // maxlen, maxsize
};

std::span<const Model> all_models();
const Model* find_model(std::string_view name);
const Method* find_method(const Model& model, std::string_view name);

// "" when the model has this method and takes these arguments; else what is wrong and what would be
// right: "list has no method 'push'; known are: append, ...".
std::string complaint(const Model& model, const Operation& operation);
// The same for model, bound and initial state of a history.
std::string complaint(const HistoryMetadata& metadata);

class ModelState;
struct ModelStep;

class ModelState {
 public:
  // Aborts on metadata of which complaint() complains.
  explicit ModelState(const HistoryMetadata& metadata);
  ModelState(const ModelState& other);
  ModelState(ModelState&&) noexcept;
  ModelState& operator=(const ModelState& other);
  ModelState& operator=(ModelState&&) noexcept;
  ~ModelState();

  // All that the method may do here: more than one for a method that is free to choose (set.pop),
  // none where it would block (queue.get). Stamps and result of `operation` are ignored.
  std::vector<ModelStep> apply(const Operation& operation) const;
  Value value() const;  // the state as its Python value: [1, 2], {'a': 1}
  bool operator==(const ModelState& other) const;

 private:
  struct Implementation;
  explicit ModelState(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

struct ModelStep {
  Value result;
  ModelState next;
};

}  // namespace conformance
