// Random graphs of objects beside a model that any reader believes: sets of numbers, and
// reachability by walking.
//
// Rounds. In a round threads make objects and set fields of their own ones, to whatever is known;
// some of them collect meanwhile. Between rounds references are let go, each by a thread chosen at
// random, and everything is collected: then exactly those objects live that the model reaches from
// what is held. Finalizers may keep their objects; they tell the model.
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "runtime/base/random.h"
#include "runtime/collector/collector_test_support.h"
#include "runtime/object/deferred.h"

namespace runtime {
namespace {

struct Model;

struct Known {
  Model* model;
  std::uint64_t number;
  Node* node;  // valid while it lives
  unsigned ends = 0;
  unsigned finalizers = 0;
  unsigned callbacks = 0;
  bool finalizer_keeps = false;
  Ref<Object> held;  // from outside
  Ref<WeakReference> weak;
  std::uint64_t edges[kNodeFields] = {};  // numbers; 0 is nobody
};

struct Model {
  std::map<std::uint64_t, Known> all;
  std::set<std::uint64_t> stack;  // deferred ones that only the stack holds
  std::map<std::uint64_t, Object*> on_stack;

  [[nodiscard]] std::set<std::uint64_t> reached() {
    std::set<std::uint64_t> result;
    std::vector<std::uint64_t> open(stack.begin(), stack.end());
    for (auto& [number, known] : all) {
      if (known.held) open.push_back(number);
    }
    while (!open.empty()) {
      const std::uint64_t number = open.back();
      open.pop_back();
      if (!result.insert(number).second) continue;
      for (std::uint64_t edge : all.at(number).edges) {
        if (edge != 0) open.push_back(edge);
      }
    }
    return result;
  }
};

void finalize_known(ThreadState& thread, Node& node) {
  auto& known = *static_cast<Known*>(node.context);
  ++known.finalizers;
  EXPECT_FALSE(node.is_emptied) << "a finalizer sees its object whole";
  if (known.finalizer_keeps) known.held = Ref<Object>::share(thread, Borrowed<Object>(&node));
}

void count_callback(ThreadState&, Borrowed<WeakReference>, Borrowed<Object> argument) {
  ++static_cast<Known*>(static_cast<Node*>(argument.get())->context)->callbacks;
}

class Graph {
 public:
  Graph(unsigned threads, std::uint64_t seed)
      : threads_(threads), random_(seed), runtime_(options(seed)) {
    runtime_.collector.add_stack_references(&model_, [](void* model, Visit visit, void* context) {
      for (auto& [number, object] : static_cast<Model*>(model)->on_stack) {
        visit(context, object);
      }
    });
  }
  ~Graph() {
    model_.stack.clear();
    model_.on_stack.clear();
    for (auto& [number, known] : model_.all) {
      known.finalizer_keeps = false;
      known.held.drop(runtime_.here());
      known.weak.drop(runtime_.here());
    }
  }

  void round() {
    std::vector<AttachedBody> bodies;
    std::vector<std::vector<Known*>> own(threads_);
    known_.clear();
    for (auto& [number, known] : model_.all) {
      if (known.held) known_.push_back(&known);
    }
    for (Known* known : known_) own[known->number % threads_].push_back(known);
    for (unsigned index = 0; index < threads_; ++index) {
      std::vector<Known*> fresh;
      for (int i = 0; i < 20; ++i) {
        Known& known = model_.all[++last_number_];
        known.model = &model_;
        known.number = last_number_;
        fresh.push_back(&known);
      }
      bodies.push_back([this, seed = random_.next(), mine = own[index],
                        fresh](ThreadState& thread) { change(thread, Random(seed), mine, fresh); });
    }
    if (threads_ == 1) {
      bodies[0](runtime_.here());
    } else {
      run_attached(runtime_.kernel, std::move(bodies));
    }
    let_go();
    // More than one: what a finalizer has kept, or what ended in between, may let go of a cycle.
    std::int64_t collected = 1;
    for (int turn = 0; collected != 0; ++turn) {
      ASSERT_LT(turn, 20) << "collections come to an end";
      quiescent_point(runtime_.here());
      collected = runtime_.collector.collect(runtime_.here()).collected;
    }
    compare();
  }

 private:
  static CollectorOptions options(std::uint64_t seed) {
    CollectorOptions options = CollectedKernel::quiet();
    options.marks_alive_first = seed % 2 == 0;
    return options;
  }

  void change(ThreadState& thread, Random random, std::vector<Known*> mine,
              const std::vector<Known*>& fresh) {
    for (Known* known : fresh) {
      make(thread, random, *known);
      mine.push_back(known);
    }
    for (int i = 0; i < 100; ++i) {
      Known& from = *mine[random.below(mine.size())];
      const auto field = static_cast<unsigned>(random.below(kNodeFields));
      // Of those that others make in this round nothing is known yet.
      Known& to = known_.empty() || random.one_in(2) ? *fresh[random.below(fresh.size())]
                                                     : *known_[random.below(known_.size())];
      refer(thread, *from.node, field, to.held);
      from.edges[field] = to.number;
      if (random.one_in(100)) runtime_.collector.collect(thread);
      quiescent_point(thread);
    }
  }

  void make(ThreadState& thread, Random& random, Known& known) {
    const bool has_finalizer = random.one_in(4);
    Ref<Node> node = new_node(thread, &known.ends, has_finalizer ? finalized_node_type : node_type);
    known.node = node.get();
    node->context = &known;
    node->finalizer = &finalize_known;
    known.finalizer_keeps = has_finalizer && random.one_in(2);
    if (random.one_in(6)) defer(thread, node.get());
    if (random.one_in(3)) {
      Ref<Node> argument = new_node(thread);
      argument->context = &known;
      known.weak = make_weak_reference(thread, node, &count_callback, std::move(argument));
    }
    known.held = std::move(node);
  }

  void let_go() {
    std::vector<Ref<Object>> gone;
    for (auto& [number, known] : model_.all) {
      if (!known.held || !random_.one_in(3)) continue;
      if (is_deferred(known.held.get()) && random_.one_in(2)) {
        model_.stack.insert(number);
        model_.on_stack[number] = known.held.get();
      }
      gone.push_back(std::move(known.held));
    }
    for (auto place = model_.stack.begin(); place != model_.stack.end();) {
      if (random_.one_in(3)) {
        model_.on_stack.erase(*place);
        place = model_.stack.erase(place);
      } else {
        ++place;
      }
    }
    if (random_.one_in(2)) return gone.clear();
    run_attached(runtime_.kernel, {[&](ThreadState&) { gone.clear(); }});
  }

  void compare() {
    const std::set<std::uint64_t> reached = model_.reached();
    for (auto place = model_.all.begin(); place != model_.all.end();) {
      Known& known = place->second;
      ASSERT_EQ(known.ends, reached.contains(place->first) ? 0u : 1u) << "object " << place->first;
      EXPECT_LE(known.finalizers, 1u);
      EXPECT_LE(known.callbacks, 1u);
      if (known.ends == 0) {
        ASSERT_FALSE(known.node->is_emptied);
        for (unsigned i = 0; i < kNodeFields; ++i) {
          Object* field = known.node->fields[i];
          ASSERT_EQ(field == nullptr
                        ? 0
                        : static_cast<Known*>(static_cast<Node*>(field)->context)->number,
                    known.edges[i]);
        }
        ++place;
        continue;
      }
      if (known.weak) {
        EXPECT_FALSE(dereference(runtime_.here(), known.weak));
        EXPECT_EQ(known.callbacks, 1u) << "its weak reference was kept";
        known.weak.drop(runtime_.here());
      }
      place = model_.all.erase(place);
    }
  }

  const unsigned threads_;
  Random random_;
  std::uint64_t last_number_ = 0;
  Model model_;
  CollectedKernel runtime_;
  std::vector<Known*> known_;  // held at the beginning of the round
};

void run_rounds(unsigned threads) {
  const std::uint64_t first_seed = 20261121;
  for (std::uint64_t seed = first_seed; seed < first_seed + 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Graph graph(threads, seed);
    for (int i = 0; i < 15; ++i) {
      graph.round();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(RandomGraph, OneThreadLeavesExactlyWhatIsReached) { run_rounds(1); }
TEST(RandomGraph, ThreeThreadsLeaveExactlyWhatIsReached) { run_rounds(3); }

}  // namespace
}  // namespace runtime
