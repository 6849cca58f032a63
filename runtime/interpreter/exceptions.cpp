// Raising, catching, handling: operation.h.
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

bool is_exception_class(const Object& object) {
  return is_type(object) && is_subtype(static_cast<const Type&>(object), base_exception_type);
}

// An exception class is called without arguments. `complaint`: what is said of anything else.
Result<Ref<Object>> exception_of(ThreadState& thread, Ref<Object> given, const char* complaint) {
  if (is_exception(given)) return given;
  if (!is_exception_class(*given)) return raise(thread, type_error_type, "{}", complaint);
  TRY_ASSIGN(Ref<Object> made, call(thread, given, Arguments()));
  if (is_exception(made)) return made;
  TRY_ASSIGN(Ref<Str> called, repr_of(thread, given));
  TRY_ASSIGN(Ref<Str> got, repr_of(thread, Borrowed<Object>(made->type)));
  return raise(thread, type_error_type,
               "calling {} should have returned an instance of BaseException, not {}",
               utf8_of(*called), utf8_of(*got));
}

constexpr const char* kNoException = "exceptions must derive from BaseException";
constexpr const char* kNoCause = "exception causes must derive from BaseException";

Raised raise_in_context(ThreadState& thread, Ref<Object> exception) {
  Raised raised(std::move(exception));
  if (Ref<Object> handled = handled_exception(thread)) {
    chain_context(thread, raised,
                  Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(handled.get())));
  }
  return raised;
}

Result<bool> catches(ThreadState& thread, Borrowed<Object> exception, Borrowed<Object> types) {
  if (is_exception_class(*types)) {
    return is_subtype(*exception->type, *static_cast<const Type*>(types.get()));
  }
  bool is_caught = false;
  bool is_valid = is_tuple(*types);
  if (is_valid) {
    const Borrowed<Tuple> tuple = as_tuple(types);
    for (std::int64_t i = 0; i < tuple->size; ++i) {
      if (!is_exception_class(*tuple->at(i))) {
        is_valid = false;
      } else if (is_subtype(*exception->type, *static_cast<const Type*>(tuple->at(i).get()))) {
        is_caught = true;
      }
    }
  }
  if (!is_valid) {
    return raise(thread, type_error_type,
                 "catching classes that do not inherit from BaseException is not allowed");
  }
  return is_caught;
}

}  // namespace

Raised raise_damaged(ThreadState& thread, const char* what) {
  return raise(thread, system_error_type, "damaged code: {}", what);
}

Result<Done> raise_exception(const Operation& at) {
  TRY_ASSIGN(Ref<Object> given, at.take_register(at.a));
  TRY_ASSIGN(Ref<Object> exception, exception_of(at.thread, std::move(given), kNoException));
  return raise_in_context(at.thread, std::move(exception));
}

Result<Done> raise_from(const Operation& at) {
  TRY_ASSIGN(Ref<Object> given, at.take_register(at.a));
  TRY_ASSIGN(Ref<Object> given_cause, at.take(at.b));
  TRY_ASSIGN(Ref<Object> exception, exception_of(at.thread, std::move(given), kNoException));
  Ref<Object> cause;
  if (!is_none(given_cause.get())) {
    RT_TRY_ASSIGN(made_cause, cause, exception_of(at.thread, std::move(given_cause), kNoCause));
  }
  set_exception_cause(at.thread,
                      Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(exception.get())),
                      std::move(cause));
  return raise_in_context(at.thread, std::move(exception));
}

Result<Done> raise_handled(const Operation& at) {
  Ref<Object> handled = handled_exception(at.thread);
  if (!handled) return raise(at.thread, runtime_error_type, "No active exception to reraise");
  return Raised(std::move(handled));
}

Result<Done> begin_handler(const Operation& at) {
  TRY_ASSIGN(Ref<Object> exception, at.share(at.b));
  if (!is_exception(exception)) return raise_damaged(at.thread, "what is handled is no exception");
  HandledException& place = *at.thread.slot(kInterpreterSlot)->handled;
  Object* const before = std::exchange(place.exception, exception.release());
  at.put(at.a, before == nullptr ? none() : Ref<Object>::adopt(before));
  return Done();
}

Result<Done> end_handler(const Operation& at) {
  TRY_ASSIGN(Ref<Object> before, at.take_register(at.a));
  if (is_none(before.get())) {
    before = nullptr;
  } else if (!is_exception(before)) {
    return raise_damaged(at.thread, "what was handled is no exception");
  }
  if (RT_MUTANT(handled_exception_not_restored)) return Done();
  HandledException& place = *at.thread.slot(kInterpreterSlot)->handled;
  Ref<Object>::adopt(std::exchange(place.exception, before.release())).drop(at.thread);
  return Done();
}

Result<Done> match_exception(const Operation& at) {
  TRY_ASSIGN(Ref<Object> exception, at.share(at.b));
  TRY_ASSIGN(Ref<Object> types, at.take_register(at.c));
  TRY_ASSIGN(bool is_caught, catches(at.thread, exception, types));
  at.put(at.a, boolean(is_caught));
  return Done();
}

Result<Done> with_exception(const Operation& at) {
  TRY_ASSIGN(Ref<Object> function, at.share(at.b));
  Ref<Object> self;
  if (!at.place(at.b + 1).is_empty()) {
    RT_TRY_ASSIGN(shared_self, self, at.share(at.b + 1));
  }
  TRY_ASSIGN(Ref<Object> exception, at.share(at.c));
  if (!is_exception(exception)) return raise_damaged(at.thread, "what is handled is no exception");
  Ref<Object> traceback = exception_traceback(
      at.thread, Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(exception.get())));
  if (!traceback) traceback = none();
  Ref<Object> type = Ref<Object>::share(at.thread, Borrowed<Object>(exception->type));
  const Borrowed<Object> arguments[] = {Borrowed<Object>(self ? self : type), type, exception,
                                        traceback};
  const Arguments all(arguments);
  return at.put_result(at.a, call(at.thread, function, self ? all : all.subspan(1)));
}

}  // namespace runtime
