#include "runtime/interpreter/generator_methods.h"

#include <utility>

#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/interpreter/traceback_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

GeneratorObject& generator_in(Borrowed<Object> self) {
  return *static_cast<GeneratorObject*>(self.get());
}

// A value that was yielded, or the StopIteration that tells a program what was returned.
Result<Ref<Object>> told_to_program(ThreadState& thread, Result<Ref<Object>> value,
                                    Ref<Object> returned) {
  if (value.is_raised() || value.value()) return value;
  if (!returned || is_none(returned.get())) return raise_empty(thread, stop_iteration_type);
  if (is_tuple(*returned) || is_exception(returned)) {
    // As its one argument, whatever it is.
    TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {returned}));
    TRY_ASSIGN(Ref<ExceptionObject> stop,
               new_exception(thread, stop_iteration_type, std::move(arguments)));
    return Raised(std::move(stop));
  }
  return raise_with(thread, stop_iteration_type, returned);
}

Result<Ref<Object>> next_method(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return next_or_stop(thread, self);
}

Result<Ref<Object>> send(ThreadState& thread, Borrowed<Object> self,
                         const BoundArguments& arguments) {
  Ref<Object> returned;
  Result<Ref<Object>> value = generator_send(
      thread, as_generator(self), Ref<Object>::share(thread, arguments.at(0)), &returned);
  return told_to_program(thread, std::move(value), std::move(returned));
}

bool is_exception_class(const Object& object) {
  return is_type(object) && is_subtype(static_cast<const Type&>(object), base_exception_type);
}

// throw(type, value, traceback) and throw(exception).
Result<Ref<Object>> exception_to_throw(ThreadState& thread, const BoundArguments& arguments) {
  const Borrowed<Object> first = arguments.at(0);
  Object* const value = arguments.has(1) && !is_none(arguments[1]) ? arguments[1] : nullptr;
  Object* const traceback = arguments.has(2) && !is_none(arguments[2]) ? arguments[2] : nullptr;
  if (traceback != nullptr && !is_traceback(*traceback)) {
    return raise(thread, type_error_type, "throw() third argument must be a traceback object");
  }
  Ref<Object> exception;
  if (is_exception_class(*first)) {
    const auto& type = *static_cast<const Type*>(first.get());
    if (value != nullptr && is_instance(*value, type)) {
      exception = Ref<Object>::share(thread, Borrowed<Object>(value));
    } else if (value == nullptr) {
      RT_TRY_ASSIGN(made, exception, call(thread, first, Arguments()));
    } else if (is_tuple(*value)) {
      std::vector<Borrowed<Object>> items;
      const Borrowed<Tuple> tuple = as_tuple(Borrowed<Object>(value));
      for (std::int64_t i = 0; i < tuple->size; ++i) items.push_back(tuple->at(i));
      RT_TRY_ASSIGN(made_of_tuple, exception, call(thread, first, Arguments(items)));
    } else {
      const Borrowed<Object> only[] = {Borrowed<Object>(value)};
      RT_TRY_ASSIGN(made_of_value, exception, call(thread, first, only));
    }
  } else if (is_exception(first)) {
    if (value != nullptr) {
      return raise(thread, type_error_type, "instance exception may not have a separate value");
    }
    exception = Ref<Object>::share(thread, first);
  } else {
    return raise(thread, type_error_type,
                 "exceptions must be classes or instances deriving from BaseException, not {}",
                 type_name(first));
  }
  if (traceback != nullptr) {
    set_exception_traceback(
        thread, Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(exception.get())),
        Ref<Object>::share(thread, Borrowed<Object>(traceback)));
  }
  return exception;
}

Result<Ref<Object>> throw_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> exception, exception_to_throw(thread, arguments));
  Ref<Object> returned;
  Result<Ref<Object>> value =
      generator_throw(thread, as_generator(self), std::move(exception), &returned);
  return told_to_program(thread, std::move(value), std::move(returned));
}

Result<Ref<Object>> close(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return generator_close(thread, as_generator(self));
}

Result<Ref<Object>> get_frame(ThreadState& thread, Borrowed<Object> self) {
  GeneratorObject& generator = generator_in(self);
  std::optional<StoppedWorld> stopped;
  if (!thread.is_alone()) stopped.emplace(thread);
  const GeneratorState state = generator.state.load_acquire();
  if (state == GeneratorState::kFinished) return none();
  FrameObject* const known = generator.frame.object.load_relaxed();
  if (known != nullptr) return Ref<Object>::share(thread, Borrowed<Object>(known));
  TRY_ASSIGN(Ref<FrameObject> made, object_of_frame(thread, generator.frame,
                                                    state == GeneratorState::kExecuting
                                                        ? executing_thread(thread, generator.frame)
                                                        : FrameObject::kSuspended));
  return Ref<Object>(std::move(made));
}

Result<Ref<Object>> get_code(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(generator_in(self).code));
}

Result<Ref<Object>> get_running(ThreadState&, Borrowed<Object> self) {
  return boolean(generator_in(self).state.load_acquire() == GeneratorState::kExecuting);
}

Result<Ref<Object>> get_suspended(ThreadState&, Borrowed<Object> self) {
  return boolean(generator_in(self).state.load_acquire() == GeneratorState::kSuspended);
}

Result<Ref<Object>> get_delegate(ThreadState& thread, Borrowed<Object> self) {
  GeneratorObject& generator = generator_in(self);
  std::optional<StoppedWorld> stopped;
  if (!thread.is_alone()) stopped.emplace(thread);
  if (generator.state.load_acquire() != GeneratorState::kSuspended || !generator.frame.delegates) {
    return none();
  }
  Object* const iterator = generator.frame.registers()[generator.frame.iterator_delegated].object();
  if (iterator == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(iterator));
}

template <Atomic<Object*> GeneratorObject::*field>
Result<Ref<Object>> get_text(ThreadState& thread, Borrowed<Object> self) {
  return read_field(thread, self, generator_in(self).*field);
}
template <Atomic<Object*> GeneratorObject::*field>
Result<Done> set_text(ThreadState& thread, Borrowed<Object> self, Object* value,
                      const char* complaint) {
  if (value == nullptr || !is_str(*value)) return raise(thread, type_error_type, "{}", complaint);
  write_field(thread, self, generator_in(self).*field,
              Ref<Object>::share(thread, Borrowed<Object>(value)));
  return Done();
}
Result<Done> set_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_text<&GeneratorObject::name>(thread, self, value,
                                          "__name__ must be set to a string object");
}
Result<Done> set_qualified_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_text<&GeneratorObject::qualified_name>(thread, self, value,
                                                    "__qualname__ must be set to a string object");
}

constexpr NativeMethod kMethods[] = {
    {"__next__()", &next_method},
    {"send(value, /)", &send},
    {"throw(typ, val?, tb?, /)", &throw_method},
    {"close()", &close},
};
constexpr NativeAttribute kAttributes[] = {
    {"gi_frame", &get_frame},
    {"gi_code", &get_code},
    {"gi_running", &get_running},
    {"gi_suspended", &get_suspended},
    {"gi_yieldfrom", &get_delegate},
    {"__name__", &get_text<&GeneratorObject::name>, &set_name},
    {"__qualname__", &get_text<&GeneratorObject::qualified_name>, &set_qualified_name},
};

}  // namespace

Result<Ref<Object>> next_or_stop(ThreadState& thread, Borrowed<Object> iterator) {
  Ref<Object> returned;
  if (is_generator(*iterator)) {
    Result<Ref<Object>> value = generator_send(thread, as_generator(iterator), none(), &returned);
    return told_to_program(thread, std::move(value), std::move(returned));
  }
  if (is_class(*iterator->type)) {
    TRY_ASSIGN(Method method, find_special(thread, iterator, Names::of(thread).dunder_next()));
    if (method.function) return call_method(thread, method, Arguments());
  }
  TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
  if (!item) return raise_empty(thread, stop_iteration_type);
  return item;
}

std::span<const NativeMethod> generator_methods() { return kMethods; }
std::span<const NativeAttribute> generator_attributes() { return kAttributes; }

}  // namespace runtime
