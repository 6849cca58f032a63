#include "runtime/interpreter/calls.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/protocol.h"
#include "runtime/types/native_function.h"
#include "runtime/types/signature.h"

namespace runtime {

namespace {

// A few on the stack, many in a vector.
template <class T>
class Few {
 public:
  explicit Few(std::size_t count) {
    if (count <= kFew) {
      items_ = reinterpret_cast<T*>(few_);
    } else {
      many_.resize(count * sizeof(T));
      items_ = reinterpret_cast<T*>(many_.data());
    }
  }
  Few(const Few&) = delete;
  Few& operator=(const Few&) = delete;
  T* get() { return items_; }

 private:
  static constexpr std::size_t kFew = 8;
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  alignas(T) unsigned char few_[kFew * sizeof(T)];
  std::vector<unsigned char> many_;
  T* items_;
};

Raised raise_not_verified(ThreadState& thread) {
  return raise(thread, system_error_type, "code was not verified");
}

// The names of a dict's keys, which are strs, as interned strs.
Result<Ref<Tuple>> names_of_keys(ThreadState& thread, Borrowed<Dict> dict,
                                 std::vector<Ref<Object>>* values) {
  std::vector<Ref<Object>> names;
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, dict));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
    if (!key) break;
    if (!is_str(*key)) return raise(thread, type_error_type, "keywords must be strings");
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, dict, key));
    if (!value) continue;
    if (key->type != &str_type) {
      RT_TRY_ASSIGN(exact, key, new_str(thread, utf8_of(*as_str(key))));
    }
    TRY_ASSIGN(Ref<Str> name, intern(thread, Ref<Str>::adopt(static_cast<Str*>(key.release()))));
    names.push_back(std::move(name));
    values->push_back(std::move(value));
  }
  if (names.empty()) return Ref<Tuple>(nullptr);
  return new_tuple_taking(thread, names);
}

Result<Frame*> give_up(ThreadState& thread, StackRef function, Raised raised) {
  function.close(thread);
  return raised;
}

}  // namespace

Raised raise_too_deep(ThreadState& thread) {
  return raise_text(thread, recursion_error_type, "maximum recursion depth exceeded");
}

Result<Frame*> begin_frame(ThreadState& thread, StackRef function) {
  InterpreterOfThread& part = *thread.slot(kInterpreterSlot);
  auto& callee = *static_cast<FunctionObject*>(function.object());
  if (part.depth >= part.interpreter.recursion_limit()) [[unlikely]] {
    return give_up(thread, function, raise_too_deep(thread));
  }
  StackRef code = code_of_function(thread, Borrowed<FunctionObject>(&callee));
  auto& its_code = *static_cast<Code*>(code.object());
  if (!its_code.is_verified) [[unlikely]] {
    code.close(thread);
    return give_up(thread, function, raise_not_verified(thread));
  }
  Frame* frame = part.stack.push(its_code.register_count);
  if (frame == nullptr) [[unlikely]] {
    code.close(thread);
    return give_up(thread, function, raise_out_of_memory(thread));
  }
  ++part.depth;
  frame->function = function;
  frame->code = code;
  frame->globals = callee.globals;
  frame->builtins = callee.builtins;
  frame->locals = nullptr;
  frame->previous = part.current;
  frame->next = its_code.instructions;
  frame->object.initialize(nullptr);
  frame->register_count = its_code.register_count;
  frame->owner = FrameOwner::kThread;
  frame->how = FrameReturn::kToNative;
  frame->delegates = false;
  if (its_code.free_count != 0 && callee.closure != nullptr) {
    // The function keeps its closure, and the frame keeps the function.
    StackRef* const places = frame->registers() + (its_code.first_temporary - its_code.free_count);
    for (std::uint32_t i = 0; i < its_code.free_count; ++i) {
      places[i] = StackRef::uncounted(callee.closure->at(i));
    }
  }
  part.current = frame;
  return frame;
}

Result<Frame*> begin_call(ThreadState& thread, StackRef function, const PassedArguments& passed) {
  Result<Frame*> begun = begin_frame(thread, function);
  if (begun.is_raised()) {
    passed.close_all(thread);
    return begun;
  }
  Frame* const frame = std::move(begun).value();
  const Code& code = frame->its_code();
  const bool is_simple = (code.flags & (CodeFlags::kVariadic | CodeFlags::kKeywordVariadic)) == 0 &&
                         code.keyword_only_count == 0 && passed.names == nullptr &&
                         passed.positional_count == code.positional_count;
  if (is_simple) {
    StackRef* const registers = frame->registers();
    for (std::uint32_t i = 0; i < passed.positional_count; ++i) {
      registers[i] = std::exchange(passed.positional[i], StackRef());
    }
  } else {
    Result<Done> bound = bind_arguments(
        thread, *frame,
        Borrowed<FunctionObject>(static_cast<FunctionObject*>(frame->its_function())), passed);
    if (bound.is_raised()) {
      abandon_frame(thread, frame);
      return std::move(bound).raised();
    }
  }
  if ((code.flags & CodeFlags::kOptimized) == 0) {
    Result<Ref<Dict>> locals =
        (code.flags & CodeFlags::kNewLocals) != 0
            ? new_dict(thread)
            : Result<Ref<Dict>>(Ref<Dict>::share(thread, Borrowed<Dict>(frame->globals)));
    if (locals.is_raised()) {
      abandon_frame(thread, frame);
      return std::move(locals).raised();
    }
    frame->locals = std::move(locals).value().release();
  }
  return frame;
}

void empty_frame(ThreadState& thread, Frame& frame) {
  if (frame.object.load_relaxed() != nullptr) end_frame_object(thread, frame);
  StackRef* const registers = frame.registers();
  const std::uint32_t count = frame.register_count;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!registers[i].is_empty()) registers[i].close(thread);
  }
  if (Object* locals = std::exchange(frame.locals, nullptr)) decrement(thread, locals);
  frame.function.close(thread);
  frame.code.close(thread);
}

void abandon_frame(ThreadState& thread, Frame* frame) {
  leave_frame(thread, *thread.slot(kInterpreterSlot), frame);
}

Result<Ref<Object>> call_function(ThreadState& thread, Borrowed<FunctionObject> function,
                                  const CallArguments& arguments) {
  const std::size_t positional_count = arguments.positional.size();
  const std::size_t named_count = arguments.named.size();
  Few<StackRef> references(positional_count + named_count);
  PassedArguments passed{
      .positional = references.get(),
      .positional_count = static_cast<std::uint32_t>(positional_count),
      .named = references.get() + positional_count,
      .names = named_count == 0 ? nullptr : arguments.names,
  };
  for (std::size_t i = 0; i < positional_count; ++i) {
    passed.positional[i] = StackRef::load(thread, arguments.positional[i]);
  }
  for (std::size_t i = 0; i < named_count; ++i) {
    passed.named[i] = StackRef::load(thread, arguments.named[i]);
  }
  TRY_ASSIGN(Frame * frame, begin_call(thread, StackRef::load(thread, function), passed));
  return run_frame(thread, frame);
}

// -- calls of what is no function, from the loop: the window holds callee, self or nothing, arguments --

namespace {

Result<Ref<Object>> call_window(const Operation& at, std::uint32_t count, Tuple* names) {
  const StackRef* const window = &at.place(at.b);
  if (window[0].is_empty()) return at.raise_empty_register(at.b);
  const std::uint32_t first = window[1].is_empty() ? 2 : 1;
  const std::uint32_t end = 2 + count;
  Few<Borrowed<Object>> objects(end);
  std::uint32_t filled = 0;
  for (std::uint32_t i = first; i < end; ++i) {
    if (window[i].is_empty()) return at.raise_empty_register(at.b + i);
    new (objects.get() + filled++) Borrowed<Object>(window[i].object());
  }
  const std::size_t named = names == nullptr ? 0 : static_cast<std::size_t>(names->size);
  const Arguments all(objects.get(), filled);
  return call(at.thread, Borrowed<Object>(window[0].object()),
              CallArguments{all.first(filled - named), all.last(named), names});
}

// Callee first, as CPython drops them.
void close_call_window(const Operation& at, std::uint32_t count) {
  for (std::uint32_t i = 0; i < 2 + count; ++i) at.place(at.b + i).close(at.thread);
}

}  // namespace

namespace {

constexpr std::uint32_t kFewArguments = 4;

// A method of a built-in type on its instance, with a few arguments: what most native calls are.
[[nodiscard]] bool is_method_call(const StackRef* window, std::uint32_t count) {
  if (count > kFewArguments || window[0].is_empty() || window[1].is_empty()) return false;
  if (window[0].object()->type != &method_descriptor_type) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (window[2 + i].is_empty()) return false;
  }
  const auto& descriptor = *static_cast<const MethodDescriptor*>(window[0].object());
  return is_instance(*window[1].object(), *descriptor.owner);
}

Result<Ref<Object>> call_method_window(ThreadState& thread, const StackRef* window,
                                       std::uint32_t count) {
  alignas(Borrowed<Object>) std::byte space[kFewArguments * sizeof(Borrowed<Object>)];
  auto* const passed = reinterpret_cast<Borrowed<Object>*>(space);
  for (std::uint32_t i = 0; i < count; ++i) {
    new (passed + i) Borrowed<Object>(window[2 + i].object());
  }
  const auto& descriptor = *static_cast<const MethodDescriptor*>(window[0].object());
  return descriptor.signature->call(thread, descriptor.row->function,
                                    Borrowed<Object>(window[1].object()),
                                    CallArguments{.positional = Arguments(passed, count)});
}

}  // namespace

Result<Done> call_native(const Operation& at) {
  const StackRef* const window = &at.place(at.b);
  Result<Ref<Object>> value = is_method_call(window, at.c)
                                  ? call_method_window(at.thread, window, at.c)
                                  : call_window(at, at.c, nullptr);
  close_call_window(at, at.c);
  return at.put_result(at.a, std::move(value));
}

Result<Done> call_native_named(const Operation& at) {
  auto* const names = static_cast<Tuple*>(at.code().constants->items()[extra_of(at.behind[0])]);
  Result<Ref<Object>> value = call_window(at, at.c, names);
  close_call_window(at, at.c);
  return at.put_result(at.a, std::move(value));
}

namespace {

// What callee(*positional, **named) passes.
struct UnpackedArguments {
  Ref<Object> self;  // null: none
  Ref<Tuple> positional;
  std::vector<Ref<Object>> named;
  Ref<Tuple> names;  // null: none
};

// The `*` of callee(*iterable), where nothing else is passed by position.
Result<Ref<Tuple>> tuple_of_unpacked(ThreadState& thread, Borrowed<Object> iterable,
                                     Borrowed<Object> callee) {
  const Protocol& protocol = protocol_of(iterable);
  if (protocol.iterate == nullptr && protocol.get_item == nullptr) {
    return raise(thread, type_error_type, "{} argument after * must be an iterable, not {}",
                 callee_text(thread, callee), type_name(iterable));
  }
  TRY_ASSIGN(Ref<List> items, new_list(thread, Arguments()));
  TRY(list_extend(thread, items, iterable));
  return list_to_tuple(thread, items);
}

Result<Done> take_unpacked(const Operation& at, Borrowed<Object> callee,
                           UnpackedArguments* arguments) {
  arguments->self = at.place(at.b + 1).to_heap(at.thread);
  TRY_ASSIGN(Ref<Object> given, at.take_register(at.b + 2));
  Ref<Object> named = at.place(at.b + 3).to_heap(at.thread);
  if (given->type == &list_type) {
    RT_TRY_ASSIGN(listed, arguments->positional, list_to_tuple(at.thread, as_list(given)));
  } else if (given->type == &tuple_type) {
    arguments->positional = Ref<Tuple>::adopt(static_cast<Tuple*>(given.release()));
  } else {
    RT_TRY_ASSIGN(unpacked, arguments->positional, tuple_of_unpacked(at.thread, given, callee));
  }
  if (!named) return Done();
  if (!is_dict(*named)) return raise_damaged(at.thread, "named arguments are no dict");
  RT_TRY_ASSIGN(found, arguments->names,
                names_of_keys(at.thread, as_dict(named), &arguments->named));
  return Done();
}

}  // namespace

Result<Done> call_unpacked(const Operation& at) {
  TRY_ASSIGN(Ref<Object> callee, at.take_register(at.b));
  UnpackedArguments arguments;
  TRY(take_unpacked(at, callee, &arguments));
  std::vector<Borrowed<Object>> positional;
  if (arguments.self) positional.push_back(arguments.self);
  for (std::int64_t i = 0; i < arguments.positional->size; ++i) {
    positional.push_back(arguments.positional->at(i));
  }
  std::vector<Borrowed<Object>> named;
  for (const Ref<Object>& value : arguments.named) named.push_back(value);
  return at.put_result(
      at.a, call(at.thread, callee, CallArguments{positional, named, arguments.names.get()}));
}

Result<Frame*> begin_unpacked_call(const Operation& at) {
  UnpackedArguments arguments;
  TRY(take_unpacked(at, Borrowed<Object>(at.place(at.b).object()), &arguments));
  const std::size_t first = arguments.self ? 1 : 0;
  const std::size_t positional_count = first + static_cast<std::size_t>(arguments.positional->size);
  Few<StackRef> references(positional_count + arguments.named.size());
  StackRef* const places = references.get();
  if (arguments.self) places[0] = stack_ref_of(at.thread, std::move(arguments.self));
  for (std::size_t i = first; i < positional_count; ++i) {
    places[i] =
        StackRef::load(at.thread, arguments.positional->at(static_cast<std::int64_t>(i - first)));
  }
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    places[positional_count + i] = stack_ref_of(at.thread, std::move(arguments.named[i]));
  }
  const StackRef function = std::exchange(at.place(at.b), StackRef());
  return begin_call(at.thread, function,
                    PassedArguments{
                        .positional = places,
                        .positional_count = static_cast<std::uint32_t>(positional_count),
                        .named = places + positional_count,
                        .names = arguments.names.get(),
                    });
}

}  // namespace runtime
