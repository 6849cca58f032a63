#include "runtime/interpreter/frame_locals_proxy.h"

#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/arguments.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

Borrowed<FrameObject> frame_of(Borrowed<Object> proxy) {
  return Borrowed<FrameObject>(
      static_cast<FrameObject*>(static_cast<FrameLocalsProxy*>(proxy.get())->frame));
}
bool is_proxy(const Object& object) { return object.type == &frame_locals_proxy_type; }

// A dict with everything that the proxy shows.
Result<Ref<Dict>> snapshot(ThreadState& thread, Borrowed<Object> proxy) {
  const Borrowed<FrameObject> frame = frame_of(proxy);
  std::vector<FrameVariable> variables;
  {
    FrameAccess access(thread, frame);
    variables = variables_of(thread, *access);
  }
  TRY_ASSIGN(Ref<Dict> dict, dict_of_variables(thread, std::move(variables)));
  Ref<Object> extra = read_field(thread, frame, frame->extra_locals);
  if (extra) TRY(dict_update(thread, dict, extra));
  return dict;
}

// The value of a variable, or of an extra name; null: neither.
Result<Ref<Object>> find(ThreadState& thread, Borrowed<Object> proxy, Borrowed<Object> key) {
  const Borrowed<FrameObject> frame = frame_of(proxy);
  if (is_str(*key)) {
    Ref<Object> held;
    bool is_cell = false;
    std::int64_t number;
    {
      FrameAccess access(thread, frame);
      number = register_of_variable(*access, *as_str(key), &is_cell);
      if (number >= 0) {
        const StackRef place = access->registers()[number];
        if (!place.is_empty()) {
          held = Ref<Object>::share(thread, Borrowed<Object>(place.object()));
        }
      }
    }
    if (held && is_cell) {
      held = cell_get(thread, Borrowed<CellObject>(static_cast<CellObject*>(held.get())));
    }
    if (number >= 0) return held;
  }
  Ref<Object> extra = read_field(thread, frame, frame->extra_locals);
  if (!extra) return Ref<Object>(nullptr);
  return dict_get(thread, as_dict(extra), key);
}

// The dict for names that are no variables; made when the first is written.
Result<Ref<Object>> extra_locals(ThreadState& thread, Borrowed<FrameObject> frame) {
  Ref<Object> known = read_field(thread, frame, frame->extra_locals);
  if (known) return known;
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
  ObjectSection section(thread, frame);
  if (Object* other = frame->extra_locals.load_relaxed()) {  // in the section nobody writes it
    return Ref<Object>::share(thread, Borrowed<Object>(other));
  }
  set_maybe_weak(made.get());
  frame->extra_locals.store_release(made.duplicate(thread).release());  // [field-before-found]
  return Ref<Object>(std::move(made));
}

// Writes a variable. False: the name is none.
Result<bool> write_variable(ThreadState& thread, Borrowed<FrameObject> frame, Borrowed<Str> name,
                            Borrowed<Object> value) {
  TRY_ASSIGN(Ref<Tuple> kept, allocate_tuple(thread, 2));
  Ref<Object> cell;
  Ref<Object> previous;
  {
    FrameAccess access(thread, frame);
    bool is_cell = false;
    const std::int64_t number = register_of_variable(*access, *name, &is_cell);
    if (number < 0) return false;
    StackRef& place = access->registers()[number];
    if (is_cell) {
      cell = Ref<Object>::share(thread, Borrowed<Object>(place.object()));
    } else if (!RT_MUTANT(f_locals_writes_snapshot)) {
      previous = place.to_heap(thread);
      place = StackRef::counted(Ref<Object>::share(thread, value));
      if (previous && access.is_executing()) {
        Object* const before = std::exchange(access.object().overwritten, kept.get());
        kept->items()[0] = previous.release();
        kept->items()[1] = before == nullptr ? none().release() : before;
        track(kept.get());
        (void)kept.release();
      }
    }
  }
  if (cell) {
    cell_set(thread, Borrowed<CellObject>(static_cast<CellObject*>(cell.get())),
             Ref<Object>::share(thread, value));
  }
  return true;
}

Result<bool> is_variable(ThreadState& thread, Borrowed<FrameObject> frame, Borrowed<Object> key) {
  if (!is_str(*key)) return false;
  FrameAccess access(thread, frame);
  bool is_cell;
  return register_of_variable(*access, *as_str(key), &is_cell) >= 0;
}

Raised raise_cannot_remove(ThreadState& thread) {
  return raise(thread, value_error_type, "cannot remove local variables from FrameLocalsProxy");
}

Result<Done> write(ThreadState& thread, Borrowed<Object> proxy, Borrowed<Object> key,
                   Borrowed<Object> value) {
  const Borrowed<FrameObject> frame = frame_of(proxy);
  if (is_str(*key)) {
    TRY_ASSIGN(bool is_written, write_variable(thread, frame, as_str(key), value));
    if (is_written) return Done();
  }
  TRY_ASSIGN(Ref<Object> extra, extra_locals(thread, frame));
  return dict_set(thread, as_dict(extra), key, value);
}

// -- slots --

Result<Ref<Object>> item_slot(ThreadState& thread, Borrowed<Object> proxy, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> found, find(thread, proxy, key));
  if (found) return found;
  TRY_ASSIGN(Ref<Str> shown, repr_of(thread, key));
  return raise(thread, key_error_type, "local variable '{}' is not defined", utf8_of(*shown));
}

Result<Done> set_item_slot(ThreadState& thread, Borrowed<Object> proxy, Borrowed<Object> key,
                           Object* value) {
  if (value != nullptr) return write(thread, proxy, key, Borrowed<Object>(value));
  const Borrowed<FrameObject> frame = frame_of(proxy);
  TRY_ASSIGN(bool is_local, is_variable(thread, frame, key));
  if (is_local) return raise_cannot_remove(thread);
  Ref<Object> extra = read_field(thread, frame, frame->extra_locals);
  if (!extra) return raise_with(thread, key_error_type, key);
  return dict_delete(thread, as_dict(extra), key);
}

Result<bool> contains_slot(ThreadState& thread, Borrowed<Object> proxy, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> found, find(thread, proxy, key));
  return static_cast<bool>(found);
}

Result<std::int64_t> length_slot(ThreadState& thread, Borrowed<Object> proxy) {
  TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, proxy));
  return dict_size(*dict);
}

Result<Ref<List>> keys_list(ThreadState& thread, Borrowed<Object> proxy) {
  TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, proxy));
  return new_list_from(thread, dict);
}

Result<Ref<Object>> iterate_slot(ThreadState& thread, Borrowed<Object> proxy) {
  TRY_ASSIGN(Ref<List> list, keys_list(thread, proxy));
  return get_iterator(thread, list);
}

Result<Ref<Str>> repr_slot(ThreadState& thread, Borrowed<Object> proxy) {
  ReprFrame frame(thread, proxy);
  if (frame.is_inside_itself()) return new_str(thread, "{...}");
  TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, proxy));
  return repr_of(thread, dict);
}

Result<Ref<Object>> compare_slot(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                 CompareOp op) {
  if (op != CompareOp::kEqual && op != CompareOp::kNotEqual) return not_implemented();
  bool is_equal;
  if (is_proxy(*right)) {
    is_equal = frame_of(left).get() == frame_of(right).get();
  } else if (is_dict(*right)) {
    TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, left));
    RT_TRY_ASSIGN(compared, is_equal, dicts_are_equal(thread, dict, as_dict(right)));
  } else {
    return not_implemented();
  }
  return boolean(is_equal == (op == CompareOp::kEqual));
}

// The dict that an operand of | stands for; null: it is none.
Result<Ref<Object>> dict_of_operand(ThreadState& thread, Borrowed<Object> operand) {
  if (is_dict(*operand)) return Ref<Object>::share(thread, operand);
  if (!is_proxy(*operand)) return Ref<Object>(nullptr);
  TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, operand));
  return Ref<Object>(std::move(dict));
}

Result<Ref<Object>> or_slot(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  TRY_ASSIGN(Ref<Object> first, dict_of_operand(thread, left));
  TRY_ASSIGN(Ref<Object> second, dict_of_operand(thread, right));
  if (!first || !second) return not_implemented();
  TRY_ASSIGN(Ref<Dict> merged, copy_dict(thread, as_dict(first)));
  TRY(dict_update(thread, merged, second));
  return Ref<Object>(std::move(merged));
}

Result<Done> update_with(ThreadState& thread, Borrowed<Object> proxy, Borrowed<Object> source) {
  TRY_ASSIGN(Ref<Dict> added, new_dict(thread));
  if (is_proxy(*source)) {
    RT_TRY_ASSIGN(copied, added, snapshot(thread, source));
  } else {
    TRY(update_from_mapping(thread, added, source));
  }
  TRY_ASSIGN(Ref<List> keys, new_list_from(thread, added));
  for (std::int64_t i = 0; i < list_size(*keys); ++i) {
    Ref<Object> key = list_get(thread, keys, i);
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, added, key));
    if (value) TRY(write(thread, proxy, key, value));
  }
  return Done();
}

Result<Ref<Object>> inplace_or_slot(ThreadState& thread, Borrowed<Object> left,
                                    Borrowed<Object> right) {
  if (!is_dict(*right) && !is_proxy(*right)) return not_implemented();
  TRY(update_with(thread, left, right));
  return Ref<Object>::share(thread, left);
}

constexpr Protocol kProxyProtocol = [] {
  Protocol protocol{
      .compare = &compare_slot,
      .repr = &repr_slot,
      .length = &length_slot,
      .iterate = &iterate_slot,
      .get_item = &item_slot,
      .set_item = &set_item_slot,
      .contains = &contains_slot,
  };
  protocol.binary[static_cast<unsigned>(BinaryOp::kOr)] = &or_slot;
  protocol.inplace[static_cast<unsigned>(BinaryOp::kOr)] = &inplace_or_slot;
  return protocol;
}();

// -- methods --

Result<Ref<Object>> keys(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<List> list, keys_list(thread, self));
  return Ref<Object>(std::move(list));
}

// Of each key in the snapshot: fn(list, key, value).
template <class Add>
Result<Ref<Object>> listed(ThreadState& thread, Borrowed<Object> self, Add&& add) {
  TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, self));
  TRY_ASSIGN(Ref<List> names, new_list_from(thread, dict));
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  for (std::int64_t i = 0; i < list_size(*names); ++i) {
    Ref<Object> key = list_get(thread, names, i);
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, dict, key));
    TRY(add(list, key, std::move(value)));
  }
  return Ref<Object>(std::move(list));
}

Result<Ref<Object>> values(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return listed(thread, self, [&](const Ref<List>& list, const Ref<Object>&, Ref<Object> value) {
    return list_append(thread, list, std::move(value));
  });
}

Result<Ref<Object>> items(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return listed(
      thread, self,
      [&](const Ref<List>& list, const Ref<Object>& key, Ref<Object> value) -> Result<Done> {
        TRY_ASSIGN(Ref<Tuple> pair, new_tuple(thread, {key, value}));
        return list_append(thread, list, std::move(pair));
      });
}

Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> found, find(thread, self, arguments.at(0)));
  if (found) return found;
  if (!arguments.has(1)) return none();
  return Ref<Object>::share(thread, arguments.at(1));
}

Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<Dict> dict, snapshot(thread, self));
  return Ref<Object>(std::move(dict));
}

Result<Ref<Object>> update(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY(update_with(thread, self, arguments.at(0)));
  return none();
}

Result<Ref<Object>> set_default(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> found, find(thread, self, arguments.at(0)));
  if (found) return found;
  const Ref<Object> value = arguments.has(1) ? Ref<Object>::share(thread, arguments.at(1)) : none();
  TRY(write(thread, self, arguments.at(0), value));
  return value.duplicate(thread);
}

Result<Ref<Object>> pop(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  const Borrowed<FrameObject> frame = frame_of(self);
  TRY_ASSIGN(bool is_local, is_variable(thread, frame, arguments.at(0)));
  if (is_local) return raise_cannot_remove(thread);
  Ref<Object> extra = read_field(thread, frame, frame->extra_locals);
  if (extra) return dict_pop(thread, as_dict(extra), arguments.at(0), arguments[1]);
  if (arguments.has(1)) return Ref<Object>::share(thread, arguments.at(1));
  return raise_with(thread, key_error_type, arguments.at(0));
}

Result<Ref<Object>> reversed(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<List> list, keys_list(thread, self));
  list_reverse(thread, list);
  return get_iterator(thread, list);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  if (!is_frame(*arguments.at(0))) {
    return raise(thread, type_error_type, "expect frame, not {}", type_name(arguments.at(0)));
  }
  return new_frame_locals_proxy(thread, as_frame(arguments.at(0)));
}

constexpr NativeMethod kMethods[] = {
    {"keys()", &keys},
    {"values()", &values},
    {"items()", &items},
    {"get(key, default?, /)", &get},
    {"copy()", &copy},
    {"update(other, /)", &update},
    {"setdefault(key, default?, /)", &set_default},
    {"pop(key, default?, /)", &pop},
    {"__reversed__()", &reversed},
};

}  // namespace

constinit Type frame_locals_proxy_type(TypeSlots{
    .name = "FrameLocalsProxy",
    .size = sizeof(FrameLocalsProxy),
    .heap = HeapKind::kCollected,
    .release_fields = &release_field<&FrameLocalsProxy::frame>,
    .traverse = &traverse_field<&FrameLocalsProxy::frame>,
    .protocol = &kProxyProtocol,
});

Result<Ref<Object>> new_frame_locals_proxy(ThreadState& thread, Borrowed<FrameObject> frame) {
  Ref<FrameLocalsProxy> proxy = new_object<FrameLocalsProxy>(thread, frame_locals_proxy_type);
  if (!proxy) return raise_out_of_memory(thread);
  proxy->frame = Ref<Object>::share(thread, frame).release();
  track(proxy.get());
  return Ref<Object>(std::move(proxy));
}

Result<Done> open_frame_locals_proxy_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = frame_locals_proxy_type,
                               .documentation = "The variables of a frame.",
                               .methods = kMethods,
                               .derivable = Derivable::kNo,
                               .constructor = "FrameLocalsProxy(frame, /)",
                               .make = &make,
                           });
}

}  // namespace runtime
