// One Engine for each state class.
#include "conformance/linearizability/engine.h"

#include "conformance/linearizability/models/cell_states.h"
#include "conformance/linearizability/models/keyed_states.h"
#include "conformance/linearizability/models/sequence_states.h"

namespace conformance {

namespace {

template <class State>
class EngineOf final : public Engine {
 public:
  Found search(const Problem& problem, const Setup& setup, SearchMemory& memory,
               const SearchLimits& limits) override {
    state_.reset(setup);
    weigh(problem, setup, false, memory, limits);
    return Search<State>(problem, state_, *setup.words, memory, limits).run();
  }

  Found ends(const Problem& problem, const Setup& setup, SearchMemory& memory,
             const SearchLimits& limits, std::size_t most, std::vector<Word>& ends) override {
    state_.reset(setup);
    weigh(problem, setup, true, memory, limits);
    std::vector<Hash128> seen;
    const Found found =
        Search<State>(problem, state_, *setup.words, memory, limits).run([&](State& state) {
          const Hash128 hash = state.hash();
          if (std::find(seen.begin(), seen.end(), hash) != seen.end()) return true;
          if (seen.size() == most) return false;
          seen.push_back(hash);
          ends.push_back(state.written());
          return true;
        });
    return found == Found::Order ? Found::OutOfMemory : found;
  }

  Word replay(const Problem& problem, const Setup& setup, std::span<const std::int32_t> order,
              std::span<const std::int32_t> asked, std::vector<Word>& answers) override {
    state_.reset(setup);
    UndoLog log;
    for (const std::int32_t operation : order) {
      const Step& step = problem.steps[static_cast<std::size_t>(operation)];
      Judge judge(*setup.words, step.result);
      state_.step(step, 0, judge, log);
    }
    log.clear();
    for (const std::int32_t operation : asked) {
      Teller teller(*setup.words);
      const Effect effect =
          state_.step(problem.steps[static_cast<std::size_t>(operation)], 0, teller, log);
      answers.push_back(effect == Effect::Unfit ? Word::absent() : teller.told());
      take_back(log);
    }
    return state_.value();
  }

  std::vector<Outcome> outcomes(const Setup& setup, const Step& step) override {
    std::vector<Outcome> all;
    UndoLog log;
    state_.reset(setup);
    int choices = 1;
    if constexpr (State::kChooses) choices = state_.choices(step);
    for (int choice = 0; choice < choices; ++choice) {
      Teller teller(*setup.words);
      const Effect effect = state_.step(step, choice, teller, log);
      if (effect != Effect::Unfit) all.push_back({teller.told(), state_.written()});
      take_back(log);
    }
    return all;
  }

 private:
  static void weigh(const Problem& problem, const Setup& setup, bool end_matters,
                    SearchMemory& memory, const SearchLimits& limits) {
    memory.evidence.forget();
    if constexpr (requires { State::weigh(problem, setup, end_matters, memory.evidence); }) {
      if (problem.size() >= limits.weigh_from)
        State::weigh(problem, setup, end_matters, memory.evidence);
    }
  }

  void take_back(UndoLog& log) {
    while (!log.empty()) {
      const UndoEntry entry = log.back();
      log.pop_back();
      state_.undo(entry);
    }
  }

  State state_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(const Model& model) {
  if (model.name == "list") return std::make_unique<EngineOf<ListState>>();
  if (model.name == "deque") return std::make_unique<EngineOf<DequeState>>();
  if (model.name == "queue") return std::make_unique<EngineOf<QueueState>>();
  if (model.name == "dict") return std::make_unique<EngineOf<DictState>>();
  if (model.name == "set") return std::make_unique<EngineOf<SetState>>();
  if (model.name == "counter") return std::make_unique<EngineOf<CounterState>>();
  if (model.name == "register") return std::make_unique<EngineOf<RegisterState>>();
  return std::make_unique<EngineOf<KvState>>();
}

void add_keys(const Model& model, const Method& method, const Step& step, const WordTable& words,
              KeyNumbers& keys) {
  for (std::size_t index = 0; index < method.arguments.size() && index < 3; ++index) {
    const Word argument = step.arguments[index];
    if (argument == Word::absent()) continue;
    if (method.arguments[index] == ArgumentKind::Key) keys.add(words.key(argument));
    if (method.arguments[index] == ArgumentKind::Keys) {
      for (const Word item : words.items(argument)) keys.add(words.key(item));
    }
    if (method.arguments[index] == ArgumentKind::Pairs)
      add_initial_keys(model, argument, words, keys);
  }
}

void add_initial_keys(const Model& model, Word initial, const WordTable& words, KeyNumbers& keys) {
  const std::span<const Word> items = words.items(initial);
  const std::size_t stride = model.name == "set" ? 1 : 2;
  if (model.name != "set" && model.name != "dict" && model.name != "kv") return;
  for (std::size_t at = 0; at < items.size(); at += stride) keys.add(words.key(items[at]));
}

}  // namespace conformance
