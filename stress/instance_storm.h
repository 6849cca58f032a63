// What the storms over instances share: a board on which all threads find a few instances, which
// they replace, and whose attributes have values that tell which attribute they belong to.
#pragma once

#include <string>
#include <vector>

#include "runtime/containers/dict_test_support.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/kernel.h"
#include "stress/support/stress_driver.h"

namespace stress {

using namespace runtime;

// A dict from places to instances.
class InstanceBoard {
 public:
  static constexpr unsigned kRoom = 4;  // for so many attributes in an instance
  static constexpr std::int64_t kPlaces = 3;

  // Of so many attributes. The first is there from the beginning.
  InstanceBoard(ThreadState& thread, std::int64_t attributes) {
    type_ = attributes_type(thread, kRoom);
    board_ = must(new_dict(thread));
    for (std::int64_t i = 0; i < attributes; ++i) {
      names_.push_back(name_of(thread, "attribute" + std::to_string(i)));
    }
    for (std::int64_t i = 0; i < kPlaces; ++i) replace(thread, i);
  }

  [[nodiscard]] std::int64_t any_place(StressThread& thread) const {
    return static_cast<std::int64_t>(thread.random().below(kPlaces));
  }
  [[nodiscard]] std::int64_t any_attribute(StressThread& thread) const {
    return static_cast<std::int64_t>(thread.random().below(names_.size()));
  }
  [[nodiscard]] Borrowed<Str> name(std::int64_t attribute) const {
    return names_[static_cast<std::size_t>(attribute)];
  }
  // Some value of this attribute, and whether a value is one.
  [[nodiscard]] static std::int64_t any_value(StressThread& thread, std::int64_t attribute) {
    return attribute * kFactor + static_cast<std::int64_t>(thread.random().below(1000));
  }
  static void check(std::int64_t attribute, std::int64_t value) {
    RT_CHECK(value == kAbsent || value / kFactor == attribute, "a value is one of its attribute");
  }

  void replace(ThreadState& thread, std::int64_t place) {
    Ref<Instance> fresh = instance_of(thread, type_);
    set(thread, fresh, names_[0], 0);
    must(dict_set(thread, board_, shared_int(place), fresh));
  }
  [[nodiscard]] Ref<Instance> find(ThreadState& thread, std::int64_t place) {
    Ref<Object> found = must(dict_get(thread, board_, shared_int(place)));
    RT_CHECK(static_cast<bool>(found), "a place of the board is never empty");
    return Ref<Instance>::adopt(static_cast<Instance*>(found.release()));
  }
  void finish(ThreadState& thread) { board_.drop(thread); }

 private:
  static constexpr std::int64_t kFactor = 1'000'000;

  Ref<InstanceType> type_;
  Ref<Dict> board_;
  std::vector<Ref<Str>> names_;
};

// turn(board, thread) again and again, by all threads.
template <class Turn>
int storm_over_instances(int argc, char** argv, const char* question, std::int64_t attributes,
                         Turn turn) {
  StressRun storm(argc, argv, question);
  ValueKernel kernel;
  InstanceBoard board(kernel.here(), attributes);
  {
    Detached detached(kernel.here());
    storm.storm(kernel.kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        turn(board, thread);
        quiescent_point(thread.state());
      }
    });
  }
  board.finish(kernel.here());
  return storm.finish();
}

}  // namespace stress
