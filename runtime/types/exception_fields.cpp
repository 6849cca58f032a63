#include "runtime/types/exception_fields.h"

#include <cstring>
#include <string>
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/exception_methods.h"
#include "runtime/types/module_object.h"
#include "runtime/types/object_field.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

ExceptionObject& fields_of(Borrowed<Object> exception) {
  return *static_cast<ExceptionObject*>(exception.get());
}

bool is_static(const Object& object) {
  return (object.flags.load_relaxed() & kStaticObject) != 0;  // constant
}

// The dict of details; made if there is none.
Result<Ref<Dict>> details_of(ThreadState& thread, Borrowed<Object> exception) {
  Object*& field = fields_of(exception).details;
  if (Ref<Object> there = read_guarded_field(thread, exception, field)) {
    return Ref<Dict>::adopt(static_cast<Dict*>(there.release()));
  }
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
  ObjectSection section(thread, exception);
  if (field == nullptr) field = made.duplicate(thread).release();
  return Ref<Dict>::share(thread, Borrowed<Dict>(static_cast<Dict*>(field)));
}

// An exception with one argument, a text. What goes wrong on the way is raised instead.
Raised with_details(ThreadState& thread, Type& type, std::string_view text,
                    std::initializer_list<std::pair<Borrowed<Str>, Object*>> details) {
  Raised raised = raise_text(thread, type, text);
  for (const auto& [name, value] : details) {
    if (value == nullptr) continue;
    Result<Done> done = set_exception_detail(thread, raised.exception(), name, value);
    if (done.is_raised()) return std::move(done).raised();
  }
  return raised;
}

}  // namespace

Result<Ref<Object>> exception_detail(ThreadState& thread, Borrowed<Object> exception,
                                     Borrowed<Str> name) {
  if (is_static(*exception)) return none();
  Ref<Object> details = read_guarded_field(thread, exception, fields_of(exception).details);
  if (!details) return none();
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, as_dict(details), name));
  if (!value) return none();
  return value;
}

Result<Done> set_exception_detail(ThreadState& thread, Borrowed<Object> exception,
                                  Borrowed<Str> name, Object* value) {
  if (is_static(*exception)) return Done{};
  TRY_ASSIGN(Ref<Dict> details, details_of(thread, exception));
  if (value != nullptr) return dict_set(thread, details, name, Borrowed<Object>(value));
  TRY(dict_take(thread, details, name));
  return Done{};
}

Raised raise_attribute_error(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                             std::string_view text) {
  const Names& names = Names::of(thread);
  return with_details(thread, attribute_error_type, text,
                      {{names.name(), name.get()}, {names.obj(), object.get()}});
}

Raised raise_no_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name) {
  std::string text;
  if (is_type(*object)) {
    text = fmt::format("type object '{}' has no attribute '{}'", as_type(object)->slots.name,
                       utf8_of(*name));
  } else {
    text = fmt::format("'{}' object has no attribute '{}'", type_name(object), utf8_of(*name));
  }
  return raise_attribute_error(thread, object, name, text);
}

Raised raise_name_error(ThreadState& thread, Type& type, Borrowed<Str> name,
                        std::string_view text) {
  return with_details(thread, type, text, {{Names::of(thread).name(), name.get()}});
}

Raised raise_import_error(ThreadState& thread, Type& type, Borrowed<Object> name, Object* path,
                          std::string_view text) {
  Result<Ref<Str>> message = new_str(thread, text);
  if (message.is_raised()) return std::move(message).raised();
  const Names& names = Names::of(thread);
  return with_details(
      thread, type, text,
      {{names.name(), name.get()}, {names.path(), path}, {names.msg(), message.value().get()}});
}

Raised raise_os_error(ThreadState& thread, int number, Object* filename) {
  Result<Ref<Int>> code = new_int(thread, number);
  if (code.is_raised()) return std::move(code).raised();
  Result<Ref<Str>> text = new_str(thread, std::string_view(std::strerror(number)));
  if (text.is_raised()) return std::move(text).raised();
  Result<Ref<Object>> made = new_os_error(thread, code.value(), text.value(), filename);
  if (made.is_raised()) return std::move(made).raised();
  return Raised(std::move(made).value());
}

}  // namespace runtime
