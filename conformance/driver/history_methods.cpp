#include "conformance/driver/history_methods.h"

#include <fmt/format.h>
#include <string_view>

namespace conformance {
namespace {

struct Row {
  std::string_view models;  // with blanks between
  std::string_view method;
  std::string_view code;       // empty: subject.NAME(arguments)
  std::string_view attribute;  // empty: NAME
  bool by_default = true;
};

// Not by default: what "Thread Safety Guarantees" (docs.python.org, library) and the documents of
// deque do not call atomic, and what waits. A dict without __reversed__ keeps no order of insertion
// that could be promised.
constexpr bool kAsked = false;
constexpr Row kRows[] = {
    {"list deque dict", "getitem", "return subject[argument0]", "__getitem__"},
    {"list deque dict", "setitem", "subject[argument0] = argument1", "__setitem__"},
    {"list deque dict", "delitem", "del subject[argument0]", "__delitem__"},
    {"list deque dict set", "len", "return len(subject)", "__len__"},
    {"list deque", "contains", "return argument0 in subject", "__contains__", kAsked},
    {"dict set", "contains", "return argument0 in subject", "__contains__"},
    {"list deque", "remove", "", "", kAsked},
    {"list deque", "index", "", "", kAsked},
    {"list deque", "count", "", "", kAsked},
    {"list", "sort", "", "", kAsked},
    {"deque", "copy", "return list(subject.copy())", "copy", kAsked},
    {"dict", "popitem", "return subject.popitem()", "__reversed__"},
    {"dict", "keys", "return list(subject.keys())", "__reversed__"},
    {"dict", "values", "return list(subject.values())", "__reversed__", kAsked},
    {"dict", "items", "return list(subject.items())", "__reversed__", kAsked},
    {"queue", "get", "", "", kAsked},
    {"queue", "put", "", "", kAsked},
};

bool names(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t blank = std::min(words.find(' '), words.size());
    if (words.substr(0, blank) == word) return true;
    words.remove_prefix(std::min(blank + 1, words.size()));
  }
  return false;
}

const Row* row_of(const Model& model, const Method& method) {
  for (const Row& row : kRows) {
    if (row.method == method.name && names(row.models, model.name)) return &row;
  }
  return nullptr;
}

std::string call_text(const Method& method, int arity) {
  std::string arguments;
  for (int index = 0; index < arity; ++index) {
    arguments += fmt::format("{}argument{}", index == 0 ? "" : ", ", index);
  }
  return fmt::format("return subject.{}({})", method.name, arguments);
}

// Searching for what was never there finds nothing worth knowing.
bool looks_for(std::string_view method) { return names("remove index count contains", method); }

}  // namespace

PlayedMethod played(const Model& model, const Method& method, int arity) {
  PlayedMethod played{call_text(method, arity), std::string(method.name), true};
  const Row* row = row_of(model, method);
  if (row == nullptr) return played;
  if (!row->code.empty()) played.code = row->code;
  if (!row->attribute.empty()) played.attribute = row->attribute;
  played.by_default = row->by_default;
  return played;
}

std::vector<std::string> draws(const Method& method, int arity) {
  std::vector<std::string> words;
  for (int index = 0; index < arity; ++index) {
    switch (method.arguments[static_cast<std::size_t>(index)]) {
      case ArgumentKind::Element: {
        const bool known = looks_for(method.name) || (method.name == "cas" && index == 0);
        words.emplace_back(known ? "known" : "fresh");
        break;
      }
      case ArgumentKind::Key:
        words.emplace_back("key");
        break;
      case ArgumentKind::Index:
        // Counted from the end a place needs the length, which getitem and its like read in a step of
        // its own; pop and insert hold the lock meanwhile.
        words.emplace_back(names("pop insert", method.name) ? "index" : "place");
        break;
      case ArgumentKind::Count:
        words.emplace_back("count");
        break;
      case ArgumentKind::Text:
        words.emplace_back("text");
        break;
      case ArgumentKind::Elements:
        words.emplace_back("elements");
        break;
      case ArgumentKind::Keys:
        words.emplace_back("keys");
        break;
      case ArgumentKind::Pairs:
        words.emplace_back("pairs");
        break;
    }
  }

  return words;
}

// "Thread Safety Guarantees" names the operations without a lock, and those that others may see
// halfway (lists: insert, pop(i); sets: in).
Footing footing_of(const Model& model, const Method& method, int arity) {
  const bool sequence = names("list deque", model.name);
  if (names("getitem get contains len", method.name)) return Footing::LockFree;
  if (names("update difference_update", method.name)) return Footing::SeveralSteps;
  if (sequence && names("insert delitem reverse sort rotate extendleft remove", method.name))
    return Footing::SeveralSteps;
  if (model.name == "list" && method.name == "pop" && arity == 1) return Footing::SeveralSteps;
  if (model.name == "deque" && names("extend clear", method.name)) return Footing::SeveralSteps;
  return Footing::Any;
}

bool has_default_subject(const Model& model) {
  return names("list dict set deque queue", model.name);
}

}  // namespace conformance
