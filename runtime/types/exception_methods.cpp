#include "runtime/types/exception_methods.h"

#include <cstring>
#include <utility>

#include "runtime/containers/list_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_kinds.h"
#include "runtime/types/native.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Borrowed<ExceptionObject> as_fields(Borrowed<Object> object) {
  return Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(object.get()));
}

Result<Ref<Object>> or_none(Ref<Object> object) {
  if (!object) return none();
  return object;
}

// -- attributes --

Result<Ref<Object>> get_arguments(ThreadState& thread, Borrowed<Object> self) {
  return exception_arguments(thread, as_fields(self));
}
Result<Done> set_arguments(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) return raise(thread, type_error_type, "args may not be deleted");
  TRY_ASSIGN(Ref<List> items, new_list_from(thread, Borrowed<Object>(value)));
  TRY_ASSIGN(Ref<Tuple> arguments, list_to_tuple(thread, items));
  set_exception_arguments(thread, as_fields(self), std::move(arguments));
  return Done{};
}

Result<Ref<Object>> get_cause(ThreadState& thread, Borrowed<Object> self) {
  return or_none(exception_cause(thread, as_fields(self)));
}
Result<Ref<Object>> get_context(ThreadState& thread, Borrowed<Object> self) {
  return or_none(exception_context(thread, as_fields(self)));
}
Result<Ref<Object>> get_traceback(ThreadState& thread, Borrowed<Object> self) {
  return or_none(exception_traceback(thread, as_fields(self)));
}
Result<Ref<Object>> get_suppression(ThreadState& thread, Borrowed<Object> self) {
  return boolean(suppresses_context(thread, as_fields(self)));
}

// Null for None.
Result<Ref<Object>> checked_exception(ThreadState& thread, Object* value, const char* what) {
  if (value == nullptr) {
    return raise(thread, type_error_type, "__{}__ may not be deleted", what);
  }
  if (is_none(value)) return Ref<Object>(nullptr);
  if (!is_exception(Borrowed<Object>(value))) {
    return raise(thread, type_error_type, "exception {} must be None or derive from BaseException",
                 what);
  }
  return Ref<Object>::share(thread, Borrowed<Object>(value));
}

Result<Done> set_cause(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY_ASSIGN(Ref<Object> cause, checked_exception(thread, value, "cause"));
  set_exception_cause(thread, as_fields(self), std::move(cause));
  return Done{};
}
Result<Done> set_context(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY_ASSIGN(Ref<Object> context, checked_exception(thread, value, "context"));
  set_exception_context(thread, as_fields(self), std::move(context));
  return Done{};
}
Result<Done> set_suppression(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) {
    return raise(thread, type_error_type, "can't delete numeric/char attribute");
  }
  if (value->type != &bool_type) {
    return raise(thread, type_error_type, "attribute value type must be bool");
  }
  set_suppress_context(thread, as_fields(self), value == &true_object);
  return Done{};
}
// Tracebacks are made by a floor above; they are known by the name of their type.
Result<Done> set_traceback(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) return raise(thread, type_error_type, "__traceback__ may not be deleted");
  Borrowed<Object> traceback(value);
  if (is_none(value)) {
    set_exception_traceback(thread, as_fields(self), nullptr);
    return Done{};
  }
  if (std::strcmp(type_name(traceback), "traceback") != 0) {
    return raise(thread, type_error_type, "__traceback__ must be a traceback or None");
  }
  set_exception_traceback(thread, as_fields(self), Ref<Object>::share(thread, traceback));
  return Done{};
}

constexpr NativeAttribute kAttributes[] = {
    {"args", &get_arguments, &set_arguments},
    {"__cause__", &get_cause, &set_cause},
    {"__context__", &get_context, &set_context},
    {"__suppress_context__", &get_suppression, &set_suppression},
    {"__traceback__", &get_traceback, &set_traceback},
    {"__dict__", &dict_of_instance, &set_dict_of_instance},
};

// -- methods --

Result<Ref<Object>> with_traceback(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY(set_traceback(thread, self, arguments[0]));
  return Ref<Object>::share(thread, self);
}

Result<Done> add_note_object(ThreadState& thread, Borrowed<Object> exception,
                             Borrowed<Object> note) {
  Borrowed<Str> name = Names::of(thread).dunder_notes();
  TRY_ASSIGN(Ref<Object> notes, find_attribute(thread, exception, name));
  if (!notes) {
    TRY_ASSIGN(Ref<List> made, new_list(thread));
    TRY(set_attribute(thread, exception, name, made.get()));
    notes = std::move(made);
  }
  if (!is_list(*notes)) {
    return raise(thread, type_error_type, "Cannot add note: __notes__ is not a list");
  }
  return list_append(thread, as_list(notes), Ref<Object>::share(thread, note));
}

Result<Ref<Object>> add_note(ThreadState& thread, Borrowed<Object> self,
                             const BoundArguments& arguments) {
  if (!is_str(*arguments.at(0))) {
    return raise(thread, type_error_type, "note must be a str, not '{}'",
                 type_name(arguments.at(0)));
  }
  TRY(add_note_object(thread, self, arguments.at(0)));
  return none();
}

// What copy.copy and pickle make it from: (type, args) or (type, args, dict).
Result<Ref<Object>> reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  Ref<Tuple> arguments = exception_arguments(thread, as_fields(self));
  TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, self));
  Borrowed<Object> type(self->type);
  if (dict && dict_size(*dict) != 0) return new_tuple(thread, {type, arguments, dict});
  return new_tuple(thread, {type, arguments});
}

Result<Ref<Object>> set_state(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  Borrowed<Object> state = arguments.at(0);
  if (is_none(state.get())) return none();
  if (!is_dict(*state)) return raise(thread, type_error_type, "state is not a dictionary");
  TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, self));
  TRY(dict_update(thread, dict, state));
  return none();
}

constexpr NativeMethod kMethods[] = {
    {"with_traceback(traceback, /)", &with_traceback, "Sets __traceback__ and returns itself."},
    {"add_note(note, /)", &add_note, "Appends a text to __notes__."},
    {"__reduce__()", &reduce, ""},
    {"__setstate__(state, /)", &set_state, ""},
};

// -- making --

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, type));
  TRY_ASSIGN(Ref<Tuple> tuple, new_tuple(thread, arguments.positional));
  set_exception_arguments(thread, as_fields(made), std::move(tuple));
  return made;
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self,
                        const CallArguments& arguments) {
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", type_name(self));
  }
  return store_arguments(thread, self, arguments.positional);
}

// The kind of the type itself or of the nearest type it is derived from.
const ExceptionKind* kind_of(const Type& type) {
  for (const Type* at = &type; at != nullptr; at = protocol_of(*at).base) {
    if (const ExceptionKind* kind = exception_kind(*at)) return kind;
  }
  return nullptr;
}

Result<Done> open_one(ThreadState& thread, Type& type) {
  Protocol protocol = protocol_of(type);
  protocol.make = &make;
  protocol.initialize = &initialize;
  if (const ExceptionKind* kind = kind_of(type)) {
    if (kind->make != nullptr) protocol.make = kind->make;
    if (kind->initialize != nullptr) protocol.initialize = kind->initialize;
    if (kind->str != nullptr) protocol.str = kind->str;
  }
  Types::of(thread).set_protocol(type, protocol);
  const ExceptionKind* own = exception_kind(type);
  const bool is_base = &type == &base_exception_type;
  return open_type(thread, {.type = type,
                            .methods = is_base ? std::span<const NativeMethod>(kMethods)
                                               : std::span<const NativeMethod>(),
                            .attributes = is_base ? std::span<const NativeAttribute>(kAttributes)
                                          : own != nullptr ? own->attributes
                                                           : std::span<const NativeAttribute>(),
                            .dict_offset = offsetof(ExceptionObject, dict)});
}

}  // namespace

Result<Done> store_arguments(ThreadState& thread, Borrowed<Object> exception, Arguments arguments) {
  TRY_ASSIGN(Ref<Tuple> tuple, new_tuple(thread, arguments));
  set_exception_arguments(thread, as_fields(exception), std::move(tuple));
  return Done{};
}

Result<Ref<Object>> make_exception(ThreadState& thread, Borrowed<Type> type,
                                   const CallArguments& arguments) {
  return make(thread, type, arguments);
}

Result<Done> add_exception_note(ThreadState& thread, Borrowed<Object> exception,
                                std::string_view text) {
  TRY_ASSIGN(Ref<Str> note, new_str(thread, text));
  return add_note_object(thread, exception, note);
}

Result<Done> open_exception_types(ThreadState& thread) {
  TRY(open_one(thread, base_exception_type));
#define RT_EXCEPTION_ROW(identifier, name, base) TRY(open_one(thread, identifier##_type));
#include "runtime/object/exception_types.def"
#undef RT_EXCEPTION_ROW
  return Done{};
}

}  // namespace runtime
