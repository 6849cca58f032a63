#include "runtime/interpreter/function_attributes.h"

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"

namespace runtime {

namespace {

using Field = Atomic<Object*> FunctionObject::*;

Borrowed<FunctionObject> function_of(Borrowed<Object> self) { return as_function(self); }

Ref<Object> read(ThreadState& thread, Borrowed<Object> self, Field field) {
  return read_field(thread, self, (*function_of(self)).*field);
}
void write(ThreadState& thread, Borrowed<Object> self, Field field, Object* value) {
  write_field(thread, self, (*function_of(self)).*field,
              value == nullptr ? nullptr : Ref<Object>::share(thread, Borrowed<Object>(value)));
}

// The field, or None.
template <Field field>
Result<Ref<Object>> get_or_none(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> value = read(thread, self, field);
  return value ? std::move(value) : none();
}
template <Field field>
Result<Done> set_any(ThreadState& thread, Borrowed<Object> self, Object* value) {
  write(thread, self, field, value);
  return Done();
}

bool is_dict_object(const Object& object) { return is_dict(object); }
bool is_tuple_object(const Object& object) { return is_tuple(object); }

// None and deletion empty it; anything else is of the type.
template <Field field, bool (*is_right)(const Object&)>
Result<Done> set_or_none(ThreadState& thread, Borrowed<Object> self, Object* value,
                         const char* complaint) {
  if (value != nullptr && is_none(value)) value = nullptr;
  if (value != nullptr && !is_right(*value)) {
    return raise(thread, type_error_type, "{}", complaint);
  }
  write(thread, self, field, value);
  return Done();
}

Result<Done> set_defaults(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_or_none<&FunctionObject::defaults, &is_tuple_object>(
      thread, self, value, "__defaults__ must be set to a tuple object");
}
Result<Done> set_keyword_defaults(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_or_none<&FunctionObject::keyword_defaults, &is_dict_object>(
      thread, self, value, "__kwdefaults__ must be set to a dict object");
}

template <Field field>
Result<Done> set_str(ThreadState& thread, Borrowed<Object> self, Object* value,
                     const char* complaint) {
  if (value == nullptr || !is_str(*value)) return raise(thread, type_error_type, "{}", complaint);
  write(thread, self, field, value);
  return Done();
}
Result<Done> set_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_str<&FunctionObject::name>(thread, self, value,
                                        "__name__ must be set to a string object");
}
Result<Done> set_qualified_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_str<&FunctionObject::qualified_name>(thread, self, value,
                                                  "__qualname__ must be set to a string object");
}

std::int64_t closure_size(const FunctionObject& function) {
  return function.closure == nullptr ? 0 : function.closure->size;
}

Result<Done> set_code(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr || !is_code(*value)) {
    return raise(thread, type_error_type, "__code__ must be set to a code object");
  }
  const Borrowed<FunctionObject> function = function_of(self);
  const auto& code = *static_cast<Code*>(value);
  if (code.free_count != closure_size(*function)) {
    Ref<Object> name = read(thread, self, &FunctionObject::name);
    return raise(thread, value_error_type, "{}() requires a code object with {} free vars, not {}",
                 utf8_of(*as_str(name)), closure_size(*function), code.free_count);
  }
  write(thread, self, &FunctionObject::code, value);
  return Done();
}

Result<Ref<Object>> get_globals(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(function_of(self)->globals));
}
Result<Ref<Object>> get_builtins(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(function_of(self)->builtins));
}
Result<Ref<Object>> get_closure(ThreadState& thread, Borrowed<Object> self) {
  Tuple* closure = function_of(self)->closure;
  if (closure == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(closure));
}

Result<Ref<Object>> get_type_parameters(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> value = read(thread, self, &FunctionObject::type_parameters);
  if (value) return value;
  return Ref<Object>(empty_tuple());
}
Result<Done> set_type_parameters(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr || !is_tuple(*value)) {
    return raise(thread, type_error_type, "__type_params__ must be set to a tuple");
  }
  write(thread, self, &FunctionObject::type_parameters, value);
  return Done();
}

// Made by __annotate__ when somebody asks; of two threads that ask, one makes what both get.
Result<Ref<Object>> get_annotations(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> known = read(thread, self, &FunctionObject::annotations);
  if (known) return known;
  Ref<Object> made;
  Ref<Object> annotate = read(thread, self, &FunctionObject::annotate);
  if (annotate && !is_none(annotate.get())) {
    const Ref<Object> format = Ref<Object>(shared_int(1));
    const Borrowed<Object> arguments[] = {format};
    RT_TRY_ASSIGN(called, made, call(thread, annotate, arguments));
    if (!is_dict(*made)) {
      return raise(thread, type_error_type, "__annotate__() must return a dict, not {}",
                   type_name(made));
    }
  } else {
    RT_TRY_ASSIGN(empty, made, new_dict(thread));
  }
  ObjectSection section(thread, self);
  Atomic<Object*>& field = function_of(self)->annotations;
  if (Object* other = field.load_relaxed()) {  // in the section nobody writes it
    return Ref<Object>::share(thread, Borrowed<Object>(other));
  }
  set_maybe_weak(made.get());
  field.store_release(made.duplicate(thread).release());  // [field-before-found]
  return made;
}
Result<Done> set_annotations(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY((set_or_none<&FunctionObject::annotations, &is_dict_object>(
      thread, self, value, "__annotations__ must be set to a dict object")));
  write(thread, self, &FunctionObject::annotate, nullptr);
  return Done();
}
Result<Done> set_annotate(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) {
    return raise(thread, type_error_type, "__annotate__ cannot be deleted");
  }
  if (is_none(value)) {
    write(thread, self, &FunctionObject::annotate, nullptr);
    return Done();
  }
  if (protocol_of(Borrowed<Object>(value)).call == nullptr) {
    return raise(thread, type_error_type, "__annotate__ must be callable or None");
  }
  write(thread, self, &FunctionObject::annotate, value);
  write(thread, self, &FunctionObject::annotations, nullptr);
  return Done();
}

constexpr NativeAttribute kAttributes[] = {
    {"__code__", &get_or_none<&FunctionObject::code>, &set_code},
    {"__defaults__", &get_or_none<&FunctionObject::defaults>, &set_defaults},
    {"__kwdefaults__", &get_or_none<&FunctionObject::keyword_defaults>, &set_keyword_defaults},
    {"__globals__", &get_globals},
    {"__builtins__", &get_builtins},
    {"__closure__", &get_closure},
    {"__name__", &get_or_none<&FunctionObject::name>, &set_name},
    {"__qualname__", &get_or_none<&FunctionObject::qualified_name>, &set_qualified_name},
    {"__doc__", &get_or_none<&FunctionObject::documentation>,
     &set_any<&FunctionObject::documentation>},
    {"__module__", &get_or_none<&FunctionObject::module>, &set_any<&FunctionObject::module>},
    {"__annotations__", &get_annotations, &set_annotations},
    {"__annotate__", &get_or_none<&FunctionObject::annotate>, &set_annotate},
    {"__type_params__", &get_type_parameters, &set_type_parameters},
};

Result<Done> check_closure(ThreadState& thread, const Code& code, Object* closure) {
  if (closure == nullptr || is_none(closure)) {
    if (code.free_count == 0) return Done();
    return raise(thread, type_error_type, "arg 5 (closure) must be tuple");
  }
  if (!is_tuple(*closure)) {
    return raise(thread, type_error_type, "arg 5 (closure) must be None or tuple");
  }
  const auto& cells = *static_cast<Tuple*>(closure);
  if (cells.size != code.free_count) {
    return raise(thread, value_error_type, "{} requires closure of length {}, not {}",
                 utf8_of(*code.name), code.free_count, cells.size);
  }
  for (std::int64_t i = 0; i < cells.size; ++i) {
    if (cells.at(i)->type != &cell_type) {
      return raise(thread, type_error_type, "arg 5 (closure) expected cell, found {}",
                   type_name(cells.at(i)));
    }
  }
  return Done();
}

}  // namespace

std::span<const NativeAttribute> function_attributes() { return kAttributes; }

Result<Ref<Object>> make_function_object(ThreadState& thread, Borrowed<Object>,
                                         const BoundArguments& arguments) {
  if (!is_code(*arguments.at(0))) {
    return raise(thread, type_error_type, "function() argument 'code' must be code, not {}",
                 type_name(arguments.at(0)));
  }
  if (!is_dict(*arguments.at(1))) {
    return raise(thread, type_error_type, "function() argument 'globals' must be dict, not {}",
                 type_name(arguments.at(1)));
  }
  const Borrowed<Code> code = as_code(arguments.at(0));
  Object* const closure = arguments[4];
  TRY(check_closure(thread, *code, closure));
  TRY_ASSIGN(Ref<FunctionObject> function, new_function(thread, code, as_dict(arguments.at(1))));
  if (closure != nullptr && !is_none(closure) && code->free_count > 0) {
    function->closure =
        Ref<Tuple>::share(thread, Borrowed<Tuple>(static_cast<Tuple*>(closure))).release();
  }
  const Ref<Object> made(std::move(function));
  if (arguments.has(2) && !is_none(arguments[2])) TRY(set_name(thread, made, arguments[2]));
  if (arguments.has(3)) TRY(set_defaults(thread, made, arguments[3]));
  if (arguments.has(5)) TRY(set_keyword_defaults(thread, made, arguments[5]));
  return made.duplicate(thread);
}

}  // namespace runtime
