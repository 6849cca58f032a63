// tee: several iterators over the items of one.
//
// The items that some branch has not given yet hang in a chain of links, each filled once; a branch
// holds the link that it gives next, so what all have given ends by itself. The link at the end is
// empty: the branch that comes there takes an item from the source and fills it. Only one branch does
// that at a time; another one that comes meanwhile, on another thread or out of the source itself,
// is refused.
#include <vector>

#include "runtime/modules/iterator_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/object/int_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

struct TeeSource : Object {
  Object* iterator;         // constant
  Atomic<bool> is_running;  // some branch takes an item
};

// Both null until it is filled; then constant. Guarded by its lock.
struct TeeLink : Object {
  Object* item;
  Object* following;  // a TeeLink
};

struct TeeBranch : Object {
  Object* source;  // constant
  Object* link;    // a TeeLink, never null; in the section
};

constinit Type tee_source_type(
    iterator_slots<TeeSource, &TeeSource::iterator>("itertools._tee_source", nullptr));
constinit Type tee_link_type(iterator_slots<TeeLink, &TeeLink::item, &TeeLink::following>(
    "itertools._tee_dataobject", nullptr));

struct Filled {
  Ref<Object> item;  // null: it is not filled yet
  Ref<Object> following;
};

Filled read_link(ThreadState& thread, TeeLink& link) {
  ObjectSection section(thread, Borrowed<Object>(&link));
  return Filled{share_field(thread, link.item), share_field(thread, link.following)};
}

Result<Ref<TeeLink>> new_link(ThreadState& thread) {
  Ref<TeeLink> link = new_object<TeeLink>(thread, tee_link_type);
  if (!link) return raise_out_of_memory(thread);
  track(link.get());
  return link;
}

// By the branch that is alone in this. An item of null: the source has ended.
Result<Filled> fill_link(ThreadState& thread, TeeSource& source, TeeLink& link) {
  // Another branch may have filled it since this one looked.
  Filled filled;
  if (!RT_MUTANT(tee_fills_without_second_look)) filled = read_link(thread, link);
  if (filled.item || source.iterator == nullptr) return filled;
  TRY_ASSIGN(filled.item, next_of(thread, Borrowed(source.iterator)));
  if (!filled.item) return filled;
  TRY_ASSIGN(filled.following, new_link(thread));
  ObjectSection section(thread, Borrowed<Object>(&link));
  link.item = filled.item.duplicate(thread).release();
  link.following = filled.following.duplicate(thread).release();
  return filled;
}

Result<Filled> take_from_source(ThreadState& thread, TeeSource& source, TeeLink& link) {
  bool is_running = false;
  if (!source.is_running.compare_exchange(is_running, true) && !RT_MUTANT(tee_fills_unclaimed)) {
    return raise(thread, runtime_error_type, "cannot re-enter the tee iterator");
  }
  Result<Filled> filled = fill_link(thread, source, link);
  source.is_running.store(false);
  return filled;
}

Result<Ref<Object>> next_of_branch(ThreadState& thread, Borrowed<Object> object) {
  TeeBranch& branch = *static_cast<TeeBranch*>(object.get());
  Ref<Object> held = read_field(thread, branch, &TeeBranch::link);
  if (!held || branch.source == nullptr) return Ref<Object>();
  TeeLink& link = *static_cast<TeeLink*>(held.get());
  Filled filled = read_link(thread, link);
  if (!filled.item) {
    TRY_ASSIGN(filled, take_from_source(thread, *static_cast<TeeSource*>(branch.source), link));
    if (!filled.item) return Ref<Object>();
  }
  Ref<Object> before;
  ObjectSection section(thread, object);
  // Unless another thread has moved the branch on meanwhile.
  if (branch.link == &link || RT_MUTANT(tee_branch_goes_back))
    before = exchange_field(branch.link, std::move(filled.following));
  return std::move(filled.item);
}

constexpr Protocol kTeeProtocol = iterator_protocol(&next_of_branch);

constinit Type tee_type(iterator_slots<TeeBranch, &TeeBranch::source, &TeeBranch::link>(
    "itertools._tee", &kTeeProtocol));

Result<Ref<Object>> new_branch(ThreadState& thread, Borrowed<Object> source, Ref<Object> link) {
  Ref<TeeBranch> branch = new_object<TeeBranch>(thread, tee_type);
  if (!branch) return raise_out_of_memory(thread);
  branch->source = Ref<Object>::share(thread, source).release();
  branch->link = link.release();
  track(branch.get());
  return branch;
}

// A branch at the same place.
Result<Ref<Object>> copy_branch(ThreadState& thread, Borrowed<Object> object) {
  TeeBranch& branch = *static_cast<TeeBranch*>(object.get());
  Ref<Object> link = read_field(thread, branch, &TeeBranch::link);
  return new_branch(thread, Borrowed(branch.source), std::move(link));
}

Result<Ref<Object>> copy_method(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return copy_branch(thread, self);
}

Result<Ref<Object>> first_branch(ThreadState& thread, Borrowed<Object> iterable) {
  if (iterable->type == &tee_type) return copy_branch(thread, iterable);
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  if (iterator->type == &tee_type) return copy_branch(thread, iterator);
  Ref<TeeSource> source = new_object<TeeSource>(thread, tee_source_type);
  if (!source) return raise_out_of_memory(thread);
  source->iterator = iterator.release();
  track(source.get());
  TRY_ASSIGN(Ref<TeeLink> link, new_link(thread));
  return new_branch(thread, source, std::move(link));
}

Result<Ref<Object>> make_branch(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return first_branch(thread, arguments.at(0));
}

constexpr NativeMethod kTeeMethods[] = {
    {"__copy__()", &copy_method, "A branch at the same place."},
};

constexpr IteratorRow kRows[] = {
    {&tee_type, "_tee(iterable, /)", &make_branch, "Iterator wrapped to make it copyable.",
     kTeeMethods},
};

}  // namespace

std::span<const IteratorRow> tee_iterators() { return kRows; }

Result<Ref<Object>> make_tee(ThreadState& thread, Borrowed<Object>,
                             const BoundArguments& arguments) {
  std::int64_t count = 2;
  if (arguments.has(1)) {
    TRY_ASSIGN(count, checked_index_of(thread, arguments.at(1), overflow_error_type));
  }
  if (count < 0) return raise(thread, value_error_type, "n must be >= 0");
  if (count == 0) return empty_tuple();
  std::vector<Ref<Object>> branches;
  TRY_ASSIGN(Ref<Object> first, first_branch(thread, arguments.at(0)));
  branches.push_back(std::move(first));
  while (static_cast<std::int64_t>(branches.size()) < count) {
    TRY_ASSIGN(Ref<Object> branch, copy_branch(thread, branches.front()));
    branches.push_back(std::move(branch));
  }
  return new_tuple_taking(thread, branches);
}

}  // namespace runtime
