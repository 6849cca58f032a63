// The counts against a model that is slow and obvious: one integer per object, under a lock.
#include <deque>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

class Model {
 public:
  std::size_t add_object() {
    RawMutexGuard guard(lock_);
    references_.push_back(1);
    return references_.size() - 1;
  }
  void add(std::size_t index, int references) {
    RawMutexGuard guard(lock_);
    references_[index] += references;
  }
  int references(std::size_t index) {
    RawMutexGuard guard(lock_);
    return references_[index];
  }

 private:
  RawMutex lock_;
  std::deque<int> references_;
};

struct Modelled : WeaklyReferable {
  Model* model;
  std::size_t index;
  unsigned* ends;
};

void release_modelled(Object* object, DroppedFields&) {
  auto* modelled = static_cast<Modelled*>(object);
  ++*modelled->ends;
  RT_CHECK(modelled->model->references(modelled->index) == 0,
           "an object that ends has no references");
}

constinit Type modelled_type(TypeSlots{
    .name = "Modelled",
    .size = sizeof(Modelled),
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_modelled,
});

Modelled* new_modelled(ThreadState& thread, Model& model, unsigned* ends) {
  Modelled* modelled = new_object<Modelled>(thread, modelled_type).release();
  modelled->model = &model;
  modelled->index = model.add_object();
  modelled->ends = ends;
  return modelled;
}

// Three threads of the kernel that one thread of the system plays in turn, so that after each step everything can be compared.
class TurnByTurn {
 public:
  explicit TurnByTurn(std::uint64_t seed) : random_(seed), ends_(kMostObjects, 0) {
    for (Actor& actor : actors_) actor.state = kernel_.world().create_thread();
    detach(kernel_.first_thread());
  }

  void run(unsigned steps) {
    for (unsigned i = 0; i < steps; ++i) {
      Actor& actor = actors_[random_.below(kActors)];
      attach(*actor.state);
      step(actor);
      if (actor.state != nullptr) {
        detach(*actor.state);
      } else {
        actor.state = kernel_.world().create_thread();
      }
      for (std::size_t index = 0; index < objects_.size(); ++index) compare(index);
      if (::testing::Test::HasFailure()) return;
      if (random_.one_in(50)) settle();
    }
    settle();
  }

  void finish() {
    for (Actor& actor : actors_) {
      attach(*actor.state);
      while (!actor.references.empty()) drop(actor, actor.references.size() - 1);
      actor.weak.clear();
      detach(*actor.state);
    }
    settle();
    for (std::size_t index = 0; index < objects_.size(); ++index) {
      EXPECT_EQ(ends_[index], 1u) << "object " << index;
    }
    attach(kernel_.first_thread());
    for (Actor& actor : actors_) kernel_.world().destroy_thread(actor.state);
  }

 private:
  static constexpr unsigned kActors = 3;
  static constexpr std::size_t kMostObjects = 400;

  struct Actor {
    ThreadState* state;
    std::vector<Modelled*> references;
    std::vector<Ref<WeakReference>> weak;
  };

  void step(Actor& actor) {
    ThreadState& thread = *actor.state;
    const std::size_t held = actor.references.size();
    const std::size_t chosen = held == 0 ? 0 : random_.below(held);
    switch (random_.below(10)) {
      case 0:
      case 1:
        if (objects_.size() < kMostObjects) {
          Modelled* made = new_modelled(thread, model_, &ends_[objects_.size()]);
          objects_.push_back(made);
          actor.references.push_back(made);
        }
        return;
      case 2:
      case 3:
        if (held == 0) return;
        increment(thread, actor.references[chosen]);
        model_.add(actor.references[chosen]->index, 1);
        actor.references.push_back(actor.references[chosen]);
        return;
      case 4:
      case 5:
        if (held != 0) drop(actor, chosen);
        return;
      case 6:
        if (held == 0) return;
        actors_[random_.below(kActors)].references.push_back(actor.references[chosen]);
        actor.references.erase(actor.references.begin() + static_cast<std::ptrdiff_t>(chosen));
        return;
      case 7:
        if (held == 0) return;
        actor.weak.push_back(
            make_weak_reference(thread, Borrowed<Object>(actor.references[chosen])));
        return;
      case 8:
        if (!actor.weak.empty()) look_up(actor, actor.weak[random_.below(actor.weak.size())]);
        return;
      default:
        if (random_.one_in(5)) {
          kernel_.world().destroy_thread(actor.state);
          actor.state = nullptr;
        } else {
          safe_point(thread);
        }
        return;
    }
  }

  void drop(Actor& actor, std::size_t chosen) {
    Modelled* object = actor.references[chosen];
    actor.references.erase(actor.references.begin() + static_cast<std::ptrdiff_t>(chosen));
    model_.add(object->index, -1);
    decrement(*actor.state, object);
  }

  void look_up(Actor& actor, const Ref<WeakReference>& weak) {
    Ref<Object> found = dereference(*actor.state, weak);
    if (!found) return;
    auto* object = static_cast<Modelled*>(found.release());
    EXPECT_EQ(ends_[object->index], 0u);
    model_.add(object->index, 1);
    actor.references.push_back(object);
  }

  // Between two steps: the counts add up to the references, but for one that may lie in a merge queue.
  void compare(std::size_t index) {
    const int references = model_.references(index);
    if (ends_[index] != 0) {
      EXPECT_EQ(ends_[index], 1u) << "object " << index;
      EXPECT_EQ(references, 0) << "object " << index;
      return;
    }
    const std::int64_t queued = reference_count(objects_[index]) - references;
    EXPECT_GE(queued, references == 0 ? 1 : 0) << "object " << index;
    EXPECT_LE(queued, 1) << "object " << index;
  }

  // Every thread passes a safe point: nothing is queued any more.
  void settle() {
    for (unsigned round = 0; round < 2; ++round) {  // what ends may queue more
      for (Actor& actor : actors_) {
        Attached attached(*actor.state);
        safe_point(*actor.state);
      }
    }
    for (std::size_t index = 0; index < objects_.size(); ++index) {
      const int references = model_.references(index);
      EXPECT_EQ(ends_[index], references == 0 ? 1u : 0u) << "object " << index;
      if (ends_[index] == 0) {
        EXPECT_EQ(reference_count(objects_[index]), references) << "object " << index;
      }
    }
  }

  Kernel kernel_;
  Random random_;
  Model model_;
  Actor actors_[kActors];
  std::vector<Modelled*> objects_;
  std::vector<unsigned> ends_;
};

TEST(CountModel, TheCountsAgreeWithOneIntegerAfterEveryStep) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TurnByTurn program(seed);
    program.run(500);
    if (HasFailure()) return;
    program.finish();
  }
}

// The same operations by threads that really run at once; compared when an object ends, and at the end.
TEST(CountModel, TheCountsAgreeWithOneIntegerWhenThreadsRunAtOnce) {
  constexpr unsigned kThreads = 4;
  constexpr unsigned kSteps = 3000;
  constexpr unsigned kRounds = 5;
  for (std::uint64_t seed = 1; seed <= kRounds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Kernel kernel;
    Model model;
    struct Mailbox {
      RawMutex lock;
      std::vector<Modelled*> objects;
    };
    Mailbox mailboxes[kThreads];
    std::deque<unsigned> ends[kThreads];
    std::vector<AttachedBody> bodies;
    for (unsigned self = 0; self < kThreads; ++self) {
      bodies.push_back([&, self](ThreadState& thread) {
        Random random(seed * kThreads + self);
        std::vector<Modelled*> mine;
        auto drop_last = [&] {
          Modelled* object = mine.back();
          mine.pop_back();
          model.add(object->index, -1);
          decrement(thread, object);
        };
        for (unsigned i = 0; i < kSteps; ++i) {
          if (!mine.empty()) std::swap(mine.back(), mine[random.below(mine.size())]);
          switch (random.below(8)) {
            case 0:
              ends[self].push_back(0);
              mine.push_back(new_modelled(thread, model, &ends[self].back()));
              break;
            case 1:
              if (mine.empty()) break;
              model.add(mine.back()->index, 1);
              increment(thread, mine.back());
              mine.push_back(mine.back());
              break;
            case 2:
              if (!mine.empty()) drop_last();
              break;
            case 3:
              if (!mine.empty()) {
                Mailbox& mailbox = mailboxes[random.below(kThreads)];
                RawMutexGuard guard(mailbox.lock);
                mailbox.objects.push_back(mine.back());
                mine.pop_back();
              }
              break;
            case 4:
            case 5: {
              RawMutexGuard guard(mailboxes[self].lock);
              mine.insert(mine.end(), mailboxes[self].objects.begin(),
                          mailboxes[self].objects.end());
              mailboxes[self].objects.clear();
              break;
            }
            case 6:
              if (!mine.empty()) {
                Ref<WeakReference> weak =
                    make_weak_reference(thread, Borrowed<Object>(mine.back()));
                drop_last();
                Ref<Object> found = dereference(thread, weak);
                if (!found) break;
                mine.push_back(static_cast<Modelled*>(found.release()));
                model.add(mine.back()->index, 1);
              }
              break;
            default:
              safe_point(thread);
          }
        }
        while (!mine.empty()) drop_last();
      });
    }
    run_attached(kernel, std::move(bodies));
    ThreadState& thread = kernel.first_thread();
    for (Mailbox& mailbox : mailboxes) {
      for (Modelled* object : mailbox.objects) {
        model.add(object->index, -1);
        decrement(thread, object);
      }
    }
    for (const std::deque<unsigned>& of_one : ends) {
      for (unsigned count : of_one) ASSERT_EQ(count, 1u);
    }
  }
}

}  // namespace
}  // namespace runtime
