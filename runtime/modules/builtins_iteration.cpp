// Builtins that go through what can be iterated.
#include <utility>

#include "runtime/containers/list_object.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/modules/builtins.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// Calls with(item) for each until it says false. The result: it never did.
template <class With>
Result<bool> for_all(ThreadState& thread, Borrowed<Object> iterable, With&& with) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return true;
    TRY_ASSIGN(bool goes_on, with(Borrowed<Object>(item)));
    if (!goes_on) return false;
  }
}

Result<Ref<Object>> builtin_all(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(bool all, for_all(thread, arguments.at(0),
                               [&](Borrowed<Object> item) { return is_true(thread, item); }));
  return boolean(all);
}

Result<Ref<Object>> builtin_any(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(bool none_is,
             for_all(thread, arguments.at(0), [&](Borrowed<Object> item) -> Result<bool> {
               TRY_ASSIGN(bool truth, is_true(thread, item));
               return !truth;
             }));
  return boolean(!none_is);
}

Result<Ref<Object>> builtin_sum(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  Ref<Object> total = shared_int(0);
  if (arguments.has(1)) {
    const char* joined = is_str(*arguments.at(1))     ? "strings [use ''.join(seq) instead]"
                         : is_bytes(*arguments.at(1)) ? "bytes [use b''.join(seq) instead]"
                                                      : nullptr;
    if (joined != nullptr) return raise(thread, type_error_type, "sum() can't sum {}", joined);
    total = Ref<Object>::share(thread, arguments.at(1));
  }
  TRY(for_all(thread, arguments.at(0), [&](Borrowed<Object> item) -> Result<bool> {
    TRY_ASSIGN(Ref<Object> next, binary(thread, total, item, BinaryOp::kAdd));
    total = std::move(next);
    return true;
  }));
  return total;
}

Result<Ref<Object>> builtin_len(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t length, length_of(thread, arguments.at(0)));
  return new_int(thread, length);
}

Result<Ref<Object>> builtin_next(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  const Borrowed<Object> iterator = arguments.at(0);
  if (protocol_of(iterator).next == nullptr) {
    return raise(thread, type_error_type, "'{}' object is not an iterator", type_name(iterator));
  }
  if (!arguments.has(1)) return next_or_stop(thread, iterator);
  Result<Ref<Object>> item = next_of(thread, iterator);
  if (item.is_raised()) {
    Raised raised = std::move(item).raised();
    if (!matches(raised, stop_iteration_type)) return raised;
    return Ref<Object>::share(thread, arguments.at(1));
  }
  if (!item.value()) return Ref<Object>::share(thread, arguments.at(1));
  return item;
}

Result<Ref<Object>> builtin_sorted(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<List> list, new_list_from(thread, arguments.at(0)));
  bool reverse = false;
  if (arguments.has(2)) {
    TRY_ASSIGN(reverse, is_true(thread, arguments.at(2)));
  }
  Object* key = arguments.has(1) && !is_none(arguments[1]) ? arguments[1] : nullptr;
  TRY(list_sort(thread, list, key, reverse));
  return list;
}

// min and max: `op` says when an item takes the place of the best so far.
Result<Ref<Object>> best_of(ThreadState& thread, const BoundArguments& arguments, CompareOp op,
                            const char* name) {
  const Arguments values = arguments.rest();
  if (values.empty()) {
    return raise(thread, type_error_type, "{} expected at least 1 argument, got 0", name);
  }
  Object* key = arguments.has(0) && !is_none(arguments[0]) ? arguments[0] : nullptr;
  Ref<Object> best;
  Ref<Object> best_key;
  const auto look_at = [&](Borrowed<Object> item) -> Result<bool> {
    Ref<Object> item_key = Ref<Object>::share(thread, item);
    if (key != nullptr) {
      const Borrowed<Object> one[] = {item};
      TRY_ASSIGN(Ref<Object> made, call(thread, Borrowed<Object>(key), Arguments(one)));
      item_key = std::move(made);
    }
    bool is_better = !best;
    if (best) {
      TRY_ASSIGN(is_better, compare_is_true(thread, item_key, best_key, op));
    }
    if (is_better) {
      best = Ref<Object>::share(thread, item);
      best_key = std::move(item_key);
    }
    return true;
  };
  if (values.size() > 1) {
    if (arguments.has(1)) {
      return raise(thread, type_error_type,
                   "Cannot specify a default for {}() with multiple positional arguments", name);
    }
    for (Borrowed<Object> value : values) TRY(look_at(value));
    return best;
  }
  TRY(for_all(thread, values[0], look_at));
  if (best) return best;
  if (arguments.has(1)) return Ref<Object>::share(thread, arguments.at(1));
  return raise(thread, value_error_type, "{}() iterable argument is empty", name);
}

Result<Ref<Object>> builtin_min(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return best_of(thread, arguments, CompareOp::kLess, "min");
}
Result<Ref<Object>> builtin_max(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return best_of(thread, arguments, CompareOp::kGreater, "max");
}

// -- iter(callable, sentinel) --

// Both null once it is exhausted. Guarded by the object's lock.
struct CallableIterator : Object {
  Object* callable;
  Object* sentinel;
};

struct Asked {
  Ref<Object> callable;
  Ref<Object> sentinel;
};

Asked ask(ThreadState& thread, Borrowed<Object> iterator) {
  auto* self = static_cast<CallableIterator*>(iterator.get());
  ObjectSection section(thread, iterator);
  Asked asked;
  if (self->callable != nullptr) {
    asked.callable = Ref<Object>::share(thread, Borrowed<Object>(self->callable));
    asked.sentinel = Ref<Object>::share(thread, Borrowed<Object>(self->sentinel));
  }
  return asked;
}

void exhaust(ThreadState& thread, Borrowed<Object> iterator) {
  auto* self = static_cast<CallableIterator*>(iterator.get());
  Ref<Object> callable;
  Ref<Object> sentinel;
  ObjectSection section(thread, iterator);
  callable = Ref<Object>::adopt(std::exchange(self->callable, nullptr));
  sentinel = Ref<Object>::adopt(std::exchange(self->sentinel, nullptr));
}

Result<Ref<Object>> next_of_callable(ThreadState& thread, Borrowed<Object> iterator) {
  const Asked asked = ask(thread, iterator);
  if (!asked.callable) return Ref<Object>();
  Result<Ref<Object>> item = call(thread, asked.callable, Arguments());
  if (item.is_raised()) {
    Raised raised = std::move(item).raised();
    if (!matches(raised, stop_iteration_type)) return raised;
    exhaust(thread, iterator);
    return Ref<Object>();
  }
  TRY_ASSIGN(bool is_last, are_equal(thread, asked.sentinel, item.value()));
  if (!is_last) return item;
  exhaust(thread, iterator);
  return Ref<Object>();
}

constexpr Protocol kCallableIteratorProtocol{.iterate = &iterate_itself, .next = &next_of_callable};

constinit Type callable_iterator_type(TypeSlots{
    .name = "callable_iterator",
    .size = sizeof(CallableIterator),
    .heap = HeapKind::kCollected,
    .release_fields =
        [](Object* object, DroppedFields& dropped) {
          release_field<&CallableIterator::callable>(object, dropped);
          release_field<&CallableIterator::sentinel>(object, dropped);
        },
    .traverse =
        [](Object* object, Visit visit, void* context) {
          traverse_field<&CallableIterator::callable>(object, visit, context);
          traverse_field<&CallableIterator::sentinel>(object, visit, context);
        },
    .protocol = &kCallableIteratorProtocol,
});

Result<Ref<Object>> builtin_iter(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  if (!arguments.has(1)) return get_iterator(thread, arguments.at(0));
  if (protocol_of(arguments.at(0)).call == nullptr) {
    return raise(thread, type_error_type, "iter(v, w): v must be callable");
  }
  Ref<CallableIterator> iterator = new_object<CallableIterator>(thread, callable_iterator_type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->callable = Ref<Object>::share(thread, arguments.at(0)).release();
  iterator->sentinel = Ref<Object>::share(thread, arguments.at(1)).release();
  track(iterator.get());
  return iterator;
}

constexpr NativeMethod kFunctions[] = {
    {"all(iterable, /)", &builtin_all},
    {"any(iterable, /)", &builtin_any},
    {"sum(iterable, /, start?)", &builtin_sum},
    {"len(obj, /)", &builtin_len},
    {"next(iterator, default?, /)", &builtin_next},
    {"iter(object, sentinel?, /)", &builtin_iter},
    {"sorted(iterable, /, *, key?, reverse?)", &builtin_sorted},
    {"min(*values, key?, default?)", &builtin_min},
    {"max(*values, key?, default?)", &builtin_max},
};

}  // namespace

std::span<const NativeMethod> iteration_builtins() { return kFunctions; }

Result<Done> open_callable_iterator(ThreadState& thread) {
  return open_type(thread, {.type = callable_iterator_type, .derivable = Derivable::kNo});
}

}  // namespace runtime
