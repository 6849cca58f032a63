// Which of these objects does anybody outside of them still refer to? The arithmetic of the
// collector.
//
// Nobody keeps a list of all references; but every object knows how many there are to it. So take a
// set of objects. Give each a working count, the number of its references; visit all fields of all
// of them, and subtract one for each reference that is found. What is left of a count comes from
// outside: stacks, roots, objects that are not in the set. An object of which something is left is
// reached, and so is everything that it refers to, directly or not. The rest refers to itself alone.
//
//   add() ...  subtract_inner_references()  add_stack_reference() ...  reach_counted()  keep_unreached()
//
// The bit kGcUnreachable says: of the set, and not reached yet. Where roots are known, they can be
// reached first; what they refer to then needs no arithmetic, which saves most of the work in a
// heap in which most objects live.
//
// Objects are looked at in an order that no cache foresees. So a reference that was found waits in a
// short queue while its object is fetched, and is looked at kAhead references later.
//
// All of it in a stopped world. Nothing here calls itself: what is reached and not visited yet lies
// in a list whose room was reserved, so a chain of a million objects needs no stack.
//
// Ancestry: Lins' and Bacon's trial deletion as CPython does it (Modules/gcmodule.c of 2000, update_refs and
// subtract_refs; Python/gc_free_threading.c); the queue is that of CPython 3.14's gc_mark_alive.
// Departure: the working count has a word of its own in the header (object.h), so the owner stays
// what it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/collector/object_vector.h"
#include "runtime/object/object.h"
#include "runtime/object/type.h"

namespace runtime {

class Reachability {
 public:
  // One object more, which is not in it. False when there is no memory.
  [[nodiscard]] bool add(ThreadState& thread, Object* object);
  // Begins anew with the objects that are still in the set. The caller holds `held` references to
  // each of them, which do not reach it.
  void begin_anew(std::int64_t held);
  // After the last add(), before anything is reached. False when there is no memory.
  [[nodiscard]] bool reserve(ThreadState& thread);

  // Takes from the count of each object that is not reached what other such objects refer to it.
  void subtract_inner_references();
  // A reference that its holder did not count.
  void add_stack_reference(Object* object);
  // Somebody outside refers to it.
  void reach(Object* object);
  // Visits what was reached, until nothing is added.
  void reach_further();
  // Reaches everything of whose count something is left, and what follows.
  void reach_counted();
  // The set becomes what was not reached. What was reached goes to `reached` if that is not null and
  // otherwise is forgotten.
  void keep_unreached(ObjectVector* reached = nullptr);

  // Right after subtract_inner_references(): counts everything again in the obvious way and
  // compares. Checked builds, sets of at most kLargestChecked objects.
  void check_counts();
  // Nothing that was reached refers to something that was not.
  void check_closed();

  [[nodiscard]] std::span<Object*> all() { return set_.all(); }
  [[nodiscard]] std::size_t size() const { return set_.size(); }
  // Room for as many objects as are in the set, empty between calls: for who needs a list.
  [[nodiscard]] ObjectVector& spare() { return waiting_; }
  void clear() {
    set_.clear();
    held_ = 0;
  }
  void free(ThreadState& thread);

  [[nodiscard]] static bool is_unreached(const Object* object) {
    return has_gc_bit(object, kGcUnreachable);
  }

 private:
  static constexpr unsigned kAhead = 16;
  static constexpr std::size_t kLargestChecked = HEDDLE_SCHEDULED ? 64 : 2000;

  // References that were found and wait for their objects.
  struct Queue {
    Reachability* self;
    void (*look)(Reachability& self, Object* object);
    unsigned next = 0;
    Object* ahead[kAhead] = {};
    void push(Object* object);
    void look_at_all();
  };
  static void found(void* queue, Object* referred) { static_cast<Queue*>(queue)->push(referred); }
  static void subtract_one(Reachability& self, Object* object);
  static void reach_one(Reachability& self, Object* object) { self.reach(object); }
  // Calls visit for each field, and for the type.
  static void visit_references(Object* object, Visit visit, void* context);

  // How many references there are to it, without those that are held by who asks. At most 2^32 - 1.
  [[nodiscard]] std::uint32_t references_to(const Object* object) const;

  std::int64_t held_ = 0;
  ObjectVector set_;
  ObjectVector waiting_;  // reached, and not visited
};

}  // namespace runtime
