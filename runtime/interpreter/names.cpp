// Names of modules, classes and builtins: operation.h.
#include <fmt/format.h>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Raised raise_not_defined(ThreadState& thread, Borrowed<Str> name) {
  return raise_name_error(thread, name_error_type, name,
                          fmt::format("name '{}' is not defined", utf8_of(*name)));
}

Borrowed<Dict> globals_of(const Operation& at) { return Borrowed<Dict>(at.frame.globals); }
Borrowed<Dict> builtins_of(const Operation& at) { return Borrowed<Dict>(at.frame.builtins); }

// A null reference: it is neither.
Result<Ref<Object>> find_global(const Operation& at, Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Object> found, dict_get(at.thread, globals_of(at), name));
  if (found) return found;
  return dict_get(at.thread, builtins_of(at), name);
}

Result<Done> put_global(const Operation& at, Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Object> found, find_global(at, name));
  if (!found) return raise_not_defined(at.thread, name);
  at.put(at.a, std::move(found));
  return Done();
}

// mapping[name]; a null reference: KeyError.
Result<Ref<Object>> find_in_mapping(ThreadState& thread, Borrowed<Object> mapping,
                                    Borrowed<Str> name) {
  if (mapping->type == &dict_type) return dict_get(thread, as_dict(mapping), name);
  Result<Ref<Object>> found = get_item(thread, mapping, name);
  if (!found.is_raised()) return found;
  Raised raised = std::move(found).raised();
  if (!matches(raised, key_error_type)) return raised;
  return Ref<Object>(nullptr);
}

Result<Ref<Object>> locals_of(const Operation& at) {
  if (at.frame.locals == nullptr) return raise_damaged(at.thread, "no locals");
  return Ref<Object>::share(at.thread, Borrowed<Object>(at.frame.locals));
}

}  // namespace

Raised Operation::raise_empty_register(std::uint32_t number) const {
  Str* const name_of_it = code().name_of_register(number);
  if (name_of_it == nullptr) return raise_damaged(thread, "a register is empty");
  const std::string text = utf8_of(*name_of_it);
  if (number >= code().local_count + code().cell_count) {
    return raise_name_error(
        thread, name_error_type, Borrowed<Str>(name_of_it),
        fmt::format("cannot access free variable '{}' where it is not associated with a value in "
                    "enclosing scope",
                    text));
  }
  return raise_name_error(
      thread, unbound_local_error_type, Borrowed<Str>(name_of_it),
      fmt::format("cannot access local variable '{}' where it is not associated with a value",
                  text));
}

Result<Done> load_global(const Operation& at) { return put_global(at, at.name(at.b)); }

Result<Done> store_global(const Operation& at) {
  TRY_ASSIGN(Ref<Object> value, at.take(at.b));
  return dict_set(at.thread, globals_of(at), at.name(at.a), value);
}

Result<Done> delete_global(const Operation& at) {
  TRY_ASSIGN(Ref<Object> previous, dict_take(at.thread, globals_of(at), at.name(at.a)));
  if (!previous) return raise_not_defined(at.thread, at.name(at.a));
  return Done();
}

Result<Done> load_name(const Operation& at) {
  TRY_ASSIGN(Ref<Object> mapping, locals_of(at));
  TRY_ASSIGN(Ref<Object> found, find_in_mapping(at.thread, mapping, at.name(at.b)));
  if (!found) return put_global(at, at.name(at.b));
  at.put(at.a, std::move(found));
  return Done();
}

Result<Done> store_name(const Operation& at) {
  TRY_ASSIGN(Ref<Object> value, at.take(at.b));
  TRY_ASSIGN(Ref<Object> mapping, locals_of(at));
  if (mapping->type == &dict_type) {
    return dict_set(at.thread, as_dict(mapping), at.name(at.a), value);
  }
  return set_item(at.thread, mapping, at.name(at.a), value);
}

Result<Done> delete_name(const Operation& at) {
  TRY_ASSIGN(Ref<Object> mapping, locals_of(at));
  Result<Done> done = delete_item(at.thread, mapping, at.name(at.a));
  if (!done.is_raised()) return done;
  Raised raised = std::move(done).raised();
  if (!matches(raised, key_error_type)) return raised;
  return raise_not_defined(at.thread, at.name(at.a));
}

Result<Done> load_locals(const Operation& at) { return at.put_result(at.a, locals_of(at)); }

Result<Done> load_mapping_or_global(const Operation& at) {
  TRY_ASSIGN(Ref<Object> mapping, at.take_register(at.b));
  TRY_ASSIGN(Ref<Object> found, find_in_mapping(at.thread, mapping, at.name(at.c)));
  if (!found) return put_global(at, at.name(at.c));
  at.put(at.a, std::move(found));
  return Done();
}

Result<Done> load_mapping_or_cell(const Operation& at) {
  TRY_ASSIGN(Ref<Object> mapping, at.take_register(at.b));
  const Borrowed<Str> name(at.code().name_of_register(at.c));
  TRY_ASSIGN(Ref<Object> found, find_in_mapping(at.thread, mapping, name));
  if (found) {
    at.put(at.a, std::move(found));
    return Done();
  }
  Operation of_cell = at;
  of_cell.b = at.c;
  return load_cell(of_cell);
}

Result<Done> setup_annotations(const Operation& at) {
  TRY_ASSIGN(Ref<Object> mapping, locals_of(at));
  const Borrowed<Str> name = Names::of(at.thread).dunder_annotations();
  TRY_ASSIGN(Ref<Object> found, find_in_mapping(at.thread, mapping, name));
  if (found) return Done();
  TRY_ASSIGN(Ref<Dict> made, new_dict(at.thread));
  return set_item(at.thread, mapping, name, made);
}

Result<Done> load_build_class(const Operation& at) {
  TRY_ASSIGN(Ref<Object> found,
             dict_get(at.thread, builtins_of(at), Names::of(at.thread).dunder_build_class()));
  if (!found) return raise(at.thread, name_error_type, "__build_class__ not found");
  at.put(at.a, std::move(found));
  return Done();
}

Result<Done> delete_local(const Operation& at) {
  StackRef& place = at.place(at.a);
  if (place.is_empty()) return at.raise_empty_register(at.a);
  place.close(at.thread);
  return Done();
}

}  // namespace runtime
