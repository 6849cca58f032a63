// Random small histories, right and wrong, and brute force: the oracle of the checker.
//
// Brute force tries every order that keeps precedence (history/operation.h), with states as values. It
// shares what a method means with the checker (ModelState), and nothing of the search.
#pragma once

#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "conformance/linearizability/checker.h"

namespace conformance {

using Random = std::mt19937_64;

inline int below(Random& random, int limit) {
  return static_cast<int>(random() % static_cast<std::uint64_t>(limit));
}

inline Value integer_value(int number) { return {Value::Type::Int, std::to_string(number), {}}; }
inline Value text_value(const std::string& text) { return {Value::Type::Text, text, {}}; }

inline Value random_key(Random& random) {
  switch (below(random, 6)) {
    case 0:
      return text_value("a");
    case 1:
      return {Value::Type::Bool, "True", {}};  // the same key as 1
    default:
      return integer_value(below(random, 3));
  }
}

inline Value random_argument(Random& random, ArgumentKind kind) {
  Value made;
  switch (kind) {
    case ArgumentKind::Element:
      return below(random, 8) == 0 ? text_value("x") : integer_value(below(random, 4));
    case ArgumentKind::Key:
      return random_key(random);
    case ArgumentKind::Index:
    case ArgumentKind::Count:
      return integer_value(below(random, 5) - 2);
    case ArgumentKind::Text:
      return text_value(std::string(static_cast<std::size_t>(below(random, 3)),
                                    static_cast<char>('a' + below(random, 3))));
    case ArgumentKind::Elements:
      made.type = Value::Type::List;
      for (int left = below(random, 3); left > 0; --left)
        made.items.push_back(integer_value(below(random, 4)));
      return made;
    case ArgumentKind::Keys:
      made.type = Value::Type::List;
      for (int left = below(random, 3); left > 0; --left) made.items.push_back(random_key(random));
      return made;
    case ArgumentKind::Pairs:
      made.type = Value::Type::Dict;
      for (int key = 0; key < below(random, 3); ++key) {
        made.items.push_back(integer_value(key));
        made.items.push_back(integer_value(below(random, 3)));
      }
      return made;
  }
  return made;
}

struct HistoryShape {
  int threads = 3;
  int operations = 6;  // of all threads together
  int moments = 12;    // stamps are below this, so that there are ties
  bool wrong = false;  // one result is exchanged for another
  bool keyed_only = false;
  std::set<std::string> methods = {};  // these only, and without what may be left out; empty: all
  bool fresh = false;                  // every element is another value
  int initial = 0;                     // values in a list or queue at the start
};

inline Operation random_operation(Random& random, const Model& model, const HistoryShape& shape,
                                  int number) {
  for (;;) {
    const Method& method = model.methods[static_cast<std::size_t>(
        below(random, static_cast<int>(model.methods.size())))];
    if (shape.keyed_only && method.key < 0) continue;
    if (!shape.methods.empty() && !shape.methods.contains(std::string(method.name))) continue;
    Operation operation;
    operation.method = method.name;
    const int optional = static_cast<int>(method.arguments.size()) - method.required;
    const bool chooses = optional > 0 && shape.methods.empty();
    const int count = method.required + (chooses ? below(random, optional + 1) : 0);
    for (int index = 0; index < count; ++index) {
      const ArgumentKind kind = method.arguments[static_cast<std::size_t>(index)];
      const bool is_fresh = shape.fresh && kind == ArgumentKind::Element;
      const bool asks = operation.method == "contains" || operation.method == "index";
      operation.arguments.push_back(!is_fresh ? random_argument(random, kind)
                                    : asks    ? integer_value(10 + below(random, number + 1))
                                              : integer_value(10 + number));
    }
    return operation;
  }
}

// Plays random operations at random moments of their spans.
inline History random_history(Random& random, const Model& model, const HistoryShape& shape) {
  History history;
  history.metadata.model = model.name;
  history.metadata.unit = "ticks";
  history.metadata.resolution = 1 + below(random, 3) / 2;
  if (model.takes_bound && below(random, 2) == 0) history.metadata.bound = 1 + below(random, 3);
  if (shape.initial > 0) {
    Value initial{Value::Type::List, {}, {}};
    for (int index = 0; index < shape.initial; ++index)
      initial.items.push_back(integer_value(7 + index));
    history.metadata.initial = initial;
  }
  std::vector<std::int64_t> clock(static_cast<std::size_t>(shape.threads));
  std::vector<std::pair<double, std::size_t>> points;
  for (int index = 0; index < shape.operations; ++index) {
    Operation operation = random_operation(random, model, shape, index);
    operation.thread = below(random, shape.threads);
    std::int64_t& now = clock[static_cast<std::size_t>(operation.thread)];
    operation.called_at = now += below(random, shape.moments / 3);
    operation.returned_at = now += below(random, shape.moments / 2);
    const double span = static_cast<double>(operation.returned_at - operation.called_at);
    points.emplace_back(static_cast<double>(operation.called_at) +
                            span * static_cast<double>(random() % 1000) / 1000.0 + index * 1e-6,
                        history.operations.size());
    history.operations.push_back(std::move(operation));
  }
  std::sort(points.begin(), points.end());
  ModelState state(history.metadata);
  std::set<int> stopped;
  for (const auto& [moment, index] : points) {
    Operation& operation = history.operations[index];
    const std::vector<ModelStep> steps = state.apply(operation);
    if (steps.empty() || stopped.contains(operation.thread)) {
      operation.returned = false;
      stopped.insert(operation.thread);
      continue;
    }
    const ModelStep& step =
        steps[static_cast<std::size_t>(below(random, static_cast<int>(steps.size())))];
    operation.result = step.result;
    if (below(random, 12) == 0) {  // never returns, and may have taken effect
      operation.returned = false;
      stopped.insert(operation.thread);
      if (below(random, 2) == 0) continue;
    }
    state = step.next;
  }
  // A thread ends with an operation that never returned.
  std::set<int> ended;
  std::vector<Operation> kept;
  for (Operation& operation : history.operations) {
    if (ended.contains(operation.thread)) continue;
    if (!operation.returned) {
      ended.insert(operation.thread);
      operation.result = {};
    }
    kept.push_back(std::move(operation));
  }
  history.operations = std::move(kept);
  if (shape.wrong && !history.operations.empty()) {
    const int count = static_cast<int>(history.operations.size());
    const Value other = history.operations[static_cast<std::size_t>(below(random, count))].result;
    Operation& changed = history.operations[static_cast<std::size_t>(below(random, count))];
    if (changed.returned && changed.result.type == Value::Type::Bool)
      changed.result = {Value::Type::Bool, changed.result.text == "True" ? "False" : "True", {}};
    else if (changed.returned)
      changed.result = below(random, 2) == 0 ? other
                       : shape.fresh         ? integer_value(10 + below(random, shape.operations))
                                             : integer_value(below(random, 4));
  }
  return history;
}

inline bool came_before(const History& history, std::size_t left, std::size_t right) {
  const Operation& a = history.operations[left];
  const Operation& b = history.operations[right];
  if (a.thread == b.thread) return left < right && a.returned;
  return precedes(a, b, history.metadata.resolution);
}

// `free`: operations that may take effect at any moment after their call, with any result, or never.
inline bool brute_force(const History& history, const std::set<std::size_t>& free = {}) {
  const std::size_t count = history.operations.size();
  std::vector<bool> chosen(count);
  const auto optional = [&](std::size_t index) {
    return free.contains(index) || !history.operations[index].returned;
  };
  const auto may_go = [&](std::size_t index) {
    for (std::size_t other = 0; other < count; ++other) {
      if (chosen[other] || optional(other)) continue;
      if (came_before(history, other, index)) return false;
    }
    return true;
  };
  std::function<bool(const ModelState&)> explained = [&](const ModelState& state) {
    bool done = true;
    for (std::size_t index = 0; index < count; ++index)
      done = done && (chosen[index] || optional(index));
    if (done) return true;
    for (std::size_t index = 0; index < count; ++index) {
      if (chosen[index] || !may_go(index)) continue;
      for (const ModelStep& step : state.apply(history.operations[index])) {
        if (!optional(index) && !(step.result == history.operations[index].result)) continue;
        chosen[index] = true;
        const bool found = explained(step.next);
        chosen[index] = false;
        if (found) return true;
      }
    }
    return false;
  };
  return explained(ModelState(history.metadata));
}

inline std::string text_of(const History& history) {
  std::string text =
      history.metadata.model + ", resolution " + std::to_string(history.metadata.resolution) +
      (history.metadata.bound ? ", bound " + std::to_string(*history.metadata.bound) : "") + "\n";
  for (const Operation& operation : history.operations) {
    text += "  thread " + std::to_string(operation.thread) + " " +
            std::to_string(operation.called_at) + ".." +
            (operation.returned ? std::to_string(operation.returned_at) : "") + " " +
            describe(operation) + "\n";
  }
  return text;
}

}  // namespace conformance
