#include "runtime/types/exception_kinds.h"

#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/exception_detail_attribute.h"

namespace runtime {

namespace {

Borrowed<ExceptionObject> as_fields(Borrowed<Object> object) {
  return Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(object.get()));
}

// A detail that was set, else what the arguments say.
Result<Ref<Object>> detail_or(ThreadState& thread, Borrowed<Object> self, Borrowed<Str> name,
                              Ref<Object> otherwise) {
  TRY_ASSIGN(Ref<Object> detail, exception_detail(thread, self, name));
  if (!is_none(detail.get())) return detail;
  return otherwise;
}

// -- StopIteration, SystemExit --

Result<Ref<Object>> get_value(ThreadState& thread, Borrowed<Object> self) {
  return detail_or(thread, self, Names::of(thread).value(),
                   stop_iteration_value(thread, as_fields(self)));
}
constexpr NativeAttribute kStopIterationAttributes[] = {
    {"value", &get_value, &set_detail<&Names::value>}};

// No argument: None; one: itself; more: all of them.
Result<Ref<Object>> get_code(ThreadState& thread, Borrowed<Object> self) {
  Ref<Tuple> arguments = exception_arguments(thread, as_fields(self));
  Ref<Object> code = none();
  if (arguments->size == 1) code = Ref<Object>::share(thread, arguments->at(0));
  if (arguments->size > 1) code = arguments.duplicate(thread);
  return detail_or(thread, self, Names::of(thread).code(), std::move(code));
}
constexpr NativeAttribute kSystemExitAttributes[] = {
    {"code", &get_code, &set_detail<&Names::code>}};

// -- NameError, AttributeError --

Result<Done> initialize_name_error(ThreadState& thread, Borrowed<Object> self,
                                   const CallArguments& arguments) {
  static constexpr const char* kNames[] = {"name"};
  TRY(store_arguments(thread, self, arguments.positional));
  return store_named(thread, self, arguments, kNames);
}
constexpr NativeAttribute kNameErrorAttributes[] = {detail_row<&Names::name>("name")};

Result<Done> initialize_attribute_error(ThreadState& thread, Borrowed<Object> self,
                                        const CallArguments& arguments) {
  static constexpr const char* kNames[] = {"name", "obj"};
  TRY(store_arguments(thread, self, arguments.positional));
  return store_named(thread, self, arguments, kNames);
}
constexpr NativeAttribute kAttributeErrorAttributes[] = {
    detail_row<&Names::name>("name"),
    detail_row<&Names::obj>("obj"),
};

// -- ImportError --

Result<Done> initialize_import_error(ThreadState& thread, Borrowed<Object> self,
                                     const CallArguments& arguments) {
  static constexpr const char* kNames[] = {"name", "path", "name_from"};
  TRY(store_arguments(thread, self, arguments.positional));
  TRY(store_named(thread, self, arguments, kNames));
  if (arguments.positional.size() != 1) return Done{};
  return set_exception_detail(thread, self, Names::of(thread).msg(), arguments.positional[0].get());
}

Result<Ref<Str>> str_of_import_error(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> message, exception_detail(thread, self, Names::of(thread).msg()));
  if (message->type == &str_type) {
    return Ref<Str>::adopt(static_cast<Str*>(message.release()));
  }
  Ref<Tuple> arguments = exception_arguments(thread, as_fields(self));
  if (arguments->size == 0) return empty_str();
  if (arguments->size == 1) return str_of(thread, arguments->at(0));
  return str_of(thread, arguments);
}
constexpr NativeAttribute kImportErrorAttributes[] = {
    detail_row<&Names::name>("name"),
    detail_row<&Names::path>("path"),
    detail_row<&Names::msg>("msg"),
    detail_row<&Names::name_from>("name_from"),
};

constexpr ExceptionKind kStopIteration{.attributes = kStopIterationAttributes};
constexpr ExceptionKind kSystemExit{.attributes = kSystemExitAttributes};
constexpr ExceptionKind kNameError{.initialize = &initialize_name_error,
                                   .attributes = kNameErrorAttributes};
constexpr ExceptionKind kAttributeError{.initialize = &initialize_attribute_error,
                                        .attributes = kAttributeErrorAttributes};
constexpr ExceptionKind kImportError{.initialize = &initialize_import_error,
                                     .str = &str_of_import_error,
                                     .attributes = kImportErrorAttributes};

struct Row {
  const Type* type;
  const ExceptionKind* kind;
};

}  // namespace

const ExceptionKind* exception_kind(const Type& type) {
  static const Row rows[] = {
      {&stop_iteration_type, &kStopIteration},
      {&system_exit_type, &kSystemExit},
      {&name_error_type, &kNameError},
      {&attribute_error_type, &kAttributeError},
      {&import_error_type, &kImportError},
      {&os_error_type, &os_error_kind},
      {&syntax_error_type, &syntax_error_kind},
      {&unicode_decode_error_type, &unicode_decode_error_kind},
      {&unicode_encode_error_type, &unicode_encode_error_kind},
      {&unicode_translate_error_type, &unicode_translate_error_kind},
  };
  for (const Row& row : rows) {
    if (row.type == &type) return row.kind;
  }
  return nullptr;
}

Result<Done> store_named(ThreadState& thread, Borrowed<Object> exception,
                         const CallArguments& arguments, std::span<const char* const> known) {
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    Borrowed<Str> name = as_str(arguments.names->at(static_cast<std::int64_t>(i)));
    bool is_known = false;
    for (const char* one : known) is_known = is_known || equals_utf8(*name, one);
    if (!is_known) {
      return raise(thread, type_error_type, "{}() got an unexpected keyword argument '{}'",
                   type_name(exception), utf8_of(*name));
    }
    TRY(set_exception_detail(thread, exception, name, arguments.named[i].get()));
  }
  return Done{};
}

}  // namespace runtime
