// What the fuzzers can do to a container of the runtime, as a table: one row per action, with the method
// of the model in conformance/linearizability that says what it means.
//
// Objects are numbers to the record: small ones are ints that live for ever, larger ones are made anew
// at each use and die with their last reference, so that their blocks are used again and a reader who
// trusts a stale pointer returns another number, or dies. Keys of the attributes of an instance are
// names, which stand for their numbers too.
//
// What is no single step in Python either (index, remove, sort, a walk) is there for what it does to
// memory, and not judged by the model: Judged says so.
#pragma once

#include <cstdint>
#include <span>

#include "fuzz/programs/program.h"
#include "runtime/object/kernel.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace fuzzing {

using runtime::Borrowed;
using runtime::Object;
using runtime::Ref;
using runtime::ThreadState;

// The container of a program, and what belongs to it.
struct Subject {
  static constexpr unsigned kNames = 8;
  std::uint8_t kind = 0;
  Ref<Object> container;
  Ref<Object> other;  // a second container, of the same type
  // Each thread's own references to both, as threads of a program have them: what has one reference is
  // in the hands of one thread, and is treated so.
  Ref<Object> held[kThreads][2];
  Ref<Object> instance[kThreads];  // whose attributes the container shows: each thread's own
  Ref<Object> instance_type;
  Ref<Object> names[kNames];
};

// What one action needs while it is done.
struct Doing {
  ThreadState& thread;
  unsigned number;  // of the thread
  Subject& subject;
  Event& event;
  Recorder::OfThread& record;
  std::uint8_t argument;

  [[nodiscard]] std::int64_t low() const { return argument & 7; }
  [[nodiscard]] std::int64_t high() const { return argument >> 3; }
};

struct Action {
  const char* method;
  Judged judged;
  void (*perform)(Doing& doing);
};

struct ContainerKind {
  const char* name;
  const char* model;
  std::span<const Action> actions;  // loose ones last
  // By an attached thread, before others know the subject. Fills `initial` with what is in it
  // (pairs for a mapping).
  void (*build)(ThreadState& thread, const Program& program, Subject& subject,
                NumberWriter& initial);
  // The greatest number of items; negative: none.
  std::int64_t (*bound)(std::uint8_t kind);
  // What is in it at the end: an action of the table.
  Action observe;
};

// Makes the container and gives each thread its references.
inline void build_subject(const ContainerKind& kind, ThreadState& thread, const Program& program,
                          Subject& subject, NumberWriter& initial) {
  subject.kind = program.kind;
  kind.build(thread, program, subject, initial);
  for (auto& held : subject.held) {
    held[0] = subject.container.duplicate(thread);
    held[1] = subject.other.duplicate(thread);
  }
}

extern const ContainerKind list_kind;
extern const ContainerKind dict_kind;
extern const ContainerKind set_kind;
extern const ContainerKind deque_kind;

// -- for the tables --

// The number that an element, key or value of this index stands for, and the object.
std::int64_t element_number(std::int64_t index);
Ref<Object> element(ThreadState& thread, std::int64_t number);
// What an object stands for; what is none of ours fails the program.
std::int64_t number_of(const Object& object);

void takes(Event& event, std::int64_t first);
void takes(Event& event, std::int64_t first, std::int64_t second);
void answers(Event& event, std::int64_t number);
void answers_truth(Event& event, bool truth);
void answers_none(Event& event);
void raises(Event& event, Answer::Exception exception);
void answers_numbers(Event& event, const NumberWriter& numbers, Answer::Kind kind);

// Gives up an exception and says which it was.
void raises(Doing& doing, runtime::Raised raised);
template <class T>
bool raised(Doing& doing, runtime::Result<T>& result) {
  if (!result.is_raised()) return false;
  raises(doing, std::move(result).raised());
  return true;
}
// None, or the exception.
template <class T>
void none_or_raised(Doing& doing, runtime::Result<T> result) {
  if (!raised(doing, result)) answers_none(doing.event);
}
inline void truth_or_raised(Doing& doing, runtime::Result<bool> result) {
  if (!raised(doing, result)) answers_truth(doing.event, result.value());
}
void object_or_raised(Doing& doing, runtime::Result<Ref<Object>> result);
// list, tuple, deque or set: its members by iteration; the caller alone knows it.
void numbers_of(Doing& doing, Borrowed<Object> items, Answer::Kind kind);

// The action that a step stands for; null: none.
inline const Action* action_of(const ContainerKind& kind, bool loose, Step step) {
  if (step.action == 0) return nullptr;
  std::size_t count = kind.actions.size();
  while (!loose && kind.actions[count - 1].judged == Judged::kLoose) --count;
  return &kind.actions[(step.action - 1u) % count];
}

// One action of a thread, with its stamps around it. `now` is the clock of the run.
template <class Clock>
void perform(const Action& action, ThreadState& thread, unsigned number, Subject& subject,
             Recorder::OfThread& record, std::uint8_t argument, Clock&& now) {
  Event& event = record.events[record.count];
  event = Event{};
  event.method = action.method;
  event.judged = action.judged;
  Doing doing{thread, number, subject, event, record, argument};
  event.called_at = now();
  ++record.count;
  action.perform(doing);
  event.returned_at = now();
  event.returned = true;
}

}  // namespace fuzzing
