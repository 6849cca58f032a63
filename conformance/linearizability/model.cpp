// The tables of methods.def as data, and what may be wrong with a question.
#include "conformance/linearizability/model.h"

#include <algorithm>
#include <fmt/format.h>

#include "conformance/linearizability/word.h"
#include "conformance/spec/advice.h"

namespace conformance {

namespace {

struct Row {
  std::string_view model, name, arguments;
  Changes changes;
  int key;
  std::string_view summary;
};

constexpr Row kRows[] = {
#define HEDDLE_METHOD(model, name, arguments, changes, key, summary) \
  {#model, #name, arguments, Changes::changes, key, summary},
#include "conformance/linearizability/methods.def"
#undef HEDDLE_METHOD
};

ArgumentKind kind_of(char letter) {
  switch (letter) {
    case 'K':
      return ArgumentKind::Key;
    case 'I':
      return ArgumentKind::Index;
    case 'N':
      return ArgumentKind::Count;
    case 'T':
      return ArgumentKind::Text;
    case 'L':
      return ArgumentKind::Elements;
    case 'S':
      return ArgumentKind::Keys;
    case 'D':
      return ArgumentKind::Pairs;
    default:
      return ArgumentKind::Element;
  }
}

std::vector<Method> methods_of(std::string_view model) {
  std::vector<Method> methods;
  for (const Row& row : kRows) {
    if (row.model != model) continue;
    Method method{
        row.name,   static_cast<std::uint8_t>(methods.size()), {}, 0, row.changes, row.key,
        row.summary};
    bool optional = false;
    for (const char letter : row.arguments) {
      if (letter == '?') {
        optional = true;
        continue;
      }
      method.arguments.push_back(kind_of(letter));
      if (!optional) ++method.required;
    }
    methods.push_back(std::move(method));
  }
  return methods;
}

Model model_of(std::string_view name, std::string_view summary, bool takes_bound) {
  return {name, summary, methods_of(name), takes_bound};
}

template <typename All>
std::vector<std::string_view> names_of(const All& all) {
  std::vector<std::string_view> names;
  for (const auto& one : all) names.push_back(one.name);
  return names;
}

bool is_index(const Value& value) {
  WordTable words;
  return value.type == Value::Type::Bool ? false : words.word(value).is_integer();
}

bool all_hashable(const Value& value, std::size_t stride) {
  WordTable words;
  for (std::size_t at = 0; at < value.items.size(); at += stride) {
    if (!words.hashable(words.word(value.items[at]))) return false;
  }
  return true;
}

bool fits(ArgumentKind kind, const Value& value) {
  using enum Value::Type;
  switch (kind) {
    case ArgumentKind::Element:
      return true;
    case ArgumentKind::Key: {
      WordTable words;
      return words.hashable(words.word(value));
    }
    case ArgumentKind::Index:
    case ArgumentKind::Count:
      return is_index(value);
    case ArgumentKind::Text:
      return value.type == Text;
    case ArgumentKind::Elements:
      return value.type == List;
    case ArgumentKind::Keys:
      return (value.type == List || value.type == Set) && all_hashable(value, 1);
    case ArgumentKind::Pairs:
      return value.type == Dict && all_hashable(value, 2);
  }
  return false;
}

bool initial_fits(const Model& model, const Value& value) {
  if (model.name == "dict") return fits(ArgumentKind::Pairs, value);
  if (model.name == "set") return value.type == Value::Type::Set && all_hashable(value, 1);
  if (model.name == "counter") return is_index(value);
  if (model.name == "register") return true;
  if (model.name != "kv") return value.type == Value::Type::List;
  return value.type == Value::Type::Dict &&
         std::all_of(value.items.begin(), value.items.end(),
                     [](const Value& item) { return item.type == Value::Type::Text; });
}

std::string_view initial_kind(const Model& model) {
  if (model.name == "dict") return "a dict";
  if (model.name == "set") return "a set";
  if (model.name == "counter") return "an integer below 2**60";
  return model.name == "kv" ? "a dict of texts" : "a list";
}

}  // namespace

std::string_view to_string(ArgumentKind kind) {
  switch (kind) {
    case ArgumentKind::Element:
      return "any value";
    case ArgumentKind::Key:
      return "a hashable value";
    case ArgumentKind::Index:
      return "an integer, a place below 2**60";
    case ArgumentKind::Count:
      return "an integer below 2**60";
    case ArgumentKind::Text:
      return "a text";
    case ArgumentKind::Elements:
      return "a list";
    case ArgumentKind::Keys:
      return "a list or set of hashable values";
    case ArgumentKind::Pairs:
      return "a dict";
  }
  return "";
}

std::span<const Model> all_models() {
  static const std::vector<Model> all = {
      model_of("list", "Python's list", false),
      model_of("dict", "Python's dict, in order of insertion", false),
      model_of("set", "Python's set; pop takes any element", false),
      model_of("deque", "collections.deque; bound is maxlen", true),
      model_of("queue", "queue.Queue, first in first out; bound is maxsize", true),
      model_of("counter", "an integer that is added to", false),
      model_of("register", "one value: read, write, compare and set", false),
      model_of("kv", "texts by key, with append", false),
  };
  return all;
}

const Model* find_model(std::string_view name) {
  for (const Model& model : all_models()) {
    if (model.name == name) return &model;
  }
  return nullptr;
}

const Method* find_method(const Model& model, std::string_view name) {
  for (const Method& method : model.methods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

std::string complaint(const Model& model, const Operation& operation) {
  const Method* method = find_method(model, operation.method);
  if (method == nullptr) {
    return fmt::format("{} has no method '{}'; {}", model.name, operation.method,
                       did_you_mean_or_list(operation.method, names_of(model.methods)));
  }
  const std::size_t given = operation.arguments.size();
  if (given < static_cast<std::size_t>(method->required) || given > method->arguments.size()) {
    const std::string wanted =
        static_cast<std::size_t>(method->required) == method->arguments.size()
            ? fmt::format("{}", method->required)
            : fmt::format("{} to {}", method->required, method->arguments.size());
    return fmt::format("{}.{} takes {} arguments, not {}", model.name, method->name, wanted, given);
  }
  for (std::size_t index = 0; index < given; ++index) {
    if (fits(method->arguments[index], operation.arguments[index])) continue;
    return fmt::format("argument {} of {}.{} is {:.60}; it takes {}", index + 1, model.name,
                       method->name, to_string(operation.arguments[index]),
                       to_string(method->arguments[index]));
  }
  return {};
}

std::string complaint(const HistoryMetadata& metadata) {
  const Model* model = find_model(metadata.model);
  if (model == nullptr) {
    return fmt::format("there is no model '{}'; {}", metadata.model,
                       did_you_mean_or_list(metadata.model, names_of(all_models())));
  }
  if (metadata.bound && !model->takes_bound) {
    return fmt::format("{} has no bound; only deque and queue have", model->name);
  }
  if (metadata.initial && !initial_fits(*model, *metadata.initial)) {
    return fmt::format("{} cannot begin as {:.60}; it begins as {}", model->name,
                       to_string(*metadata.initial), initial_kind(*model));
  }
  return {};
}

}  // namespace conformance
