#include "runtime/interpreter/build_class.h"

#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/calls.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/protocol.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// Named arguments of a class statement, without `metaclass`.
struct NamedArguments {
  std::vector<Ref<Object>> values;
  std::vector<Borrowed<Object>> borrowed;
  Ref<Tuple> names;  // null: none
  Ref<Object> metaclass;

  Result<Done> take(ThreadState& thread, Dict* named) {
    if (named == nullptr) return Done();
    std::vector<Ref<Object>> found;
    TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, Borrowed<Dict>(named)));
    for (;;) {
      TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
      if (!key) break;
      TRY_ASSIGN(Ref<Object> value, dict_get(thread, Borrowed<Dict>(named), key));
      if (equal_strs(*as_str(key), *Names::of(thread).metaclass())) {
        metaclass = std::move(value);
        continue;
      }
      TRY_ASSIGN(Ref<Str> name, name_of(thread, key));
      found.push_back(std::move(name));
      values.push_back(std::move(value));
    }
    for (const Ref<Object>& value : values) borrowed.push_back(value);
    if (!found.empty()) {
      RT_TRY_ASSIGN(made, names, new_tuple_taking(thread, found));
    }
    return Done();
  }
  [[nodiscard]] CallArguments with(Arguments positional) const {
    return CallArguments{positional, borrowed, names.get()};
  }
};

// The bases, with __mro_entries__() in place of those that are no types. `given` if none is.
Result<Ref<Tuple>> resolved_bases(ThreadState& thread, const Ref<Tuple>& given) {
  std::vector<Ref<Object>> bases;
  bool is_changed = false;
  for (std::int64_t i = 0; i < given->size; ++i) {
    const Borrowed<Object> base = given->at(i);
    Ref<Object> entries;
    if (!is_type(*base)) {
      RT_TRY_ASSIGN(method_found, entries,
                    find_attribute(thread, base, Names::of(thread).dunder_mro_entries()));
    }
    if (!entries) {
      bases.push_back(Ref<Object>::share(thread, base));
      continue;
    }
    const Borrowed<Object> arguments[] = {given};
    TRY_ASSIGN(Ref<Object> tuple, call(thread, entries, arguments));
    if (!is_tuple(*tuple)) {
      return raise(thread, type_error_type, "__mro_entries__ must return a tuple");
    }
    is_changed = true;
    for (std::int64_t j = 0; j < as_tuple(tuple)->size; ++j) {
      bases.push_back(Ref<Object>::share(thread, as_tuple(tuple)->at(j)));
    }
  }
  if (!is_changed) return given.duplicate(thread);
  if (bases.empty()) return empty_tuple();
  return new_tuple_taking(thread, bases);
}

// The metaclass may be any callable.
Result<Ref<Object>> metaclass_for(ThreadState& thread, Ref<Object> given, const Ref<Tuple>& bases) {
  if (!given) {
    Type* const first = bases->size == 0 ? &type_type : bases->at(0)->type;
    given = Ref<Object>::share(thread, Borrowed<Object>(first));
  }
  if (!is_type(*given)) return given;
  TRY_ASSIGN(Ref<Type> winner, winning_metaclass(thread, as_type(given), bases));
  return Ref<Object>(std::move(winner));
}

Result<Ref<Object>> prepared_namespace(ThreadState& thread, Borrowed<Object> metaclass,
                                       Borrowed<Object> name, const Ref<Tuple>& bases,
                                       const NamedArguments& named) {
  TRY_ASSIGN(Ref<Object> prepare,
             find_attribute(thread, metaclass, Names::of(thread).dunder_prepare()));
  if (!prepare) {
    TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
    return Ref<Object>(std::move(made));
  }
  const Borrowed<Object> arguments[] = {name, bases};
  TRY_ASSIGN(Ref<Object> made, call(thread, prepare, named.with(arguments)));
  if (protocol_of(made).get_item == nullptr) {
    const std::string whose =
        is_type(*metaclass) ? utf8_of(*type_name_of(thread, as_type(metaclass))) : "<metaclass>";
    return raise(thread, type_error_type, "{}.__prepare__() must return a mapping, not {}", whose,
                 type_name(made));
  }
  return made;
}

Result<Ref<Object>> run_body(ThreadState& thread, Borrowed<Object> function,
                             const Ref<Object>& locals) {
  TRY_ASSIGN(Frame * frame, begin_frame(thread, StackRef::load(thread, function)));
  frame->locals = locals.duplicate(thread).release();
  return run_frame(thread, frame);
}

// What the body returned is the cell of __class__, if a method uses it. Whoever made the class has
// filled it.
Result<Done> check_class_cell(ThreadState& thread, const Ref<Object>& cell, Borrowed<Object> name,
                              const Ref<Object>& made) {
  if (!is_type(*made) || cell->type != &cell_type) return Done();
  Ref<Object> held = cell_get(thread, Borrowed<CellObject>(static_cast<CellObject*>(cell.get())));
  if (held.get() == made.get()) return Done();
  TRY_ASSIGN(Ref<Str> shown_name, repr_of(thread, name));
  TRY_ASSIGN(Ref<Str> shown, repr_of(thread, made));
  if (!held) {
    return raise(thread, runtime_error_type,
                 "__class__ not set defining {} as {}. Was __classcell__ propagated to "
                 "type.__new__?",
                 utf8_of(*shown_name), utf8_of(*shown));
  }
  TRY_ASSIGN(Ref<Str> shown_held, repr_of(thread, held));
  return raise(thread, type_error_type, "__class__ set to {} defining {} as {}",
               utf8_of(*shown_held), utf8_of(*shown_name), utf8_of(*shown));
}

}  // namespace

Result<Ref<Object>> build_class(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  const Borrowed<Object> function = arguments.at(0);
  const Borrowed<Object> name = arguments.at(1);
  if (!is_function(*function)) {
    return raise(thread, type_error_type, "__build_class__: func must be a function");
  }
  if (!is_str(*name)) {
    return raise(thread, type_error_type, "__build_class__: name is not a string");
  }
  TRY_ASSIGN(Ref<Tuple> given, new_tuple(thread, arguments.rest()));
  TRY_ASSIGN(Ref<Tuple> bases, resolved_bases(thread, given));
  NamedArguments named;
  TRY(named.take(thread, arguments.named()));
  TRY_ASSIGN(Ref<Object> metaclass, metaclass_for(thread, std::move(named.metaclass), bases));
  TRY_ASSIGN(Ref<Object> locals, prepared_namespace(thread, metaclass, name, bases, named));
  TRY_ASSIGN(Ref<Object> cell, run_body(thread, function, locals));
  if (bases.get() != given.get()) {
    TRY(set_item(thread, locals, Names::of(thread).dunder_orig_bases(), given));
  }
  const Borrowed<Object> all[] = {name, bases, locals};
  TRY_ASSIGN(Ref<Object> made, call(thread, metaclass, named.with(all)));
  TRY(check_class_cell(thread, cell, name, made));
  return made;
}

}  // namespace runtime
