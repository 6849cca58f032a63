// A state as the value that it can be made from again; each step makes it, asks, and writes it down.
#include <cstdio>
#include <cstdlib>

#include "conformance/linearizability/compile.h"
#include "conformance/linearizability/engine.h"
#include "conformance/linearizability/model.h"
#include "conformance/outcome/value_spelling.h"

namespace conformance {

struct ModelState::Implementation {
  const Model* model;
  std::int64_t bound;
  Value written;  // a dict as key, value, key, value ... in order of insertion
};

namespace {

Value empty_of(const Model& model) {
  if (model.name == "counter") return {Value::Type::Int, "0", {}};
  if (model.name == "register") return {};
  if (model.name == "set") return {Value::Type::Set, {}, {}};
  return {Value::Type::List, {}, {}};
}

}  // namespace

ModelState::ModelState(const HistoryMetadata& metadata) {
  const std::string wrong = complaint(metadata);
  if (!wrong.empty()) {
    std::fprintf(stderr, "ModelState: %s\n", wrong.c_str());
    std::abort();
  }
  const Model* model = find_model(metadata.model);
  Value written = metadata.initial.value_or(empty_of(*model));
  if (written.type == Value::Type::Dict) written.type = Value::Type::List;
  implementation_ = std::make_unique<Implementation>(
      Implementation{model, metadata.bound.value_or(-1), std::move(written)});
}

ModelState::ModelState(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
ModelState::ModelState(const ModelState& other)
    : implementation_(std::make_unique<Implementation>(*other.implementation_)) {}
ModelState::ModelState(ModelState&&) noexcept = default;
ModelState& ModelState::operator=(ModelState&&) noexcept = default;
ModelState::~ModelState() = default;

ModelState& ModelState::operator=(const ModelState& other) {
  *implementation_ = *other.implementation_;
  return *this;
}

std::vector<ModelStep> ModelState::apply(const Operation& operation) const {
  const Model& model = *implementation_->model;
  const Method* method = find_method(model, operation.method);
  if (method == nullptr || !complaint(model, operation).empty()) return {};
  WordTable words;
  KeyNumbers keys;
  Setup setup{&words, &keys, implementation_->bound, words.word(implementation_->written), true};
  Step step = to_step(*method, operation, words);
  add_initial_keys(model, setup.initial, words, keys);
  add_keys(model, *method, step, words, keys);
  if (method->key >= 0) step.key = keys.find(words.key(step.arguments[method->key]));
  std::vector<ModelStep> steps;
  for (const Engine::Outcome& outcome : make_engine(model)->outcomes(setup, step)) {
    steps.push_back({words.value(outcome.answer),
                     ModelState(std::make_unique<Implementation>(Implementation{
                         &model, implementation_->bound, words.value(outcome.state)}))});
  }
  return steps;
}

Value ModelState::value() const {
  Value value = implementation_->written;
  const std::string_view model = implementation_->model->name;
  if (model == "dict" || model == "kv") {
    value.type = Value::Type::Dict;
    sort_dict(value);
  }
  return value;
}

bool ModelState::operator==(const ModelState& other) const {
  return implementation_->model == other.implementation_->model &&
         implementation_->bound == other.implementation_->bound &&
         implementation_->written == other.implementation_->written;
}

}  // namespace conformance
