// The module atexit: functions to be called when the program ends, newest first.
//
// Ancestry: https://docs.python.org/3/library/atexit.html; CPython's Modules/atexitmodule.c.
#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_snapshot.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/modules/exit_functions.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/unraisable.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

constexpr const char* kList = "_functions";  // of (function, positional, dict of named)

Result<Ref<Object>> functions_of(ThreadState& thread, Borrowed<Object> module) {
  return get_attribute(thread, module, kList);
}

Result<Ref<Object>> register_function(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  if (protocol_of(arguments.at(0)).call == nullptr) {
    return raise(thread, type_error_type, "the first argument must be callable");
  }
  TRY_ASSIGN(Ref<Object> list, functions_of(thread, self));
  TRY_ASSIGN(Ref<Tuple> positional, new_tuple(thread, arguments.rest()));
  Ref<Object> named = none();
  if (arguments.named() != nullptr) {
    named = Ref<Object>::share(thread, Borrowed<Object>(arguments.named()));
  }
  TRY_ASSIGN(Ref<Tuple> row, new_tuple(thread, {arguments.at(0), Borrowed<Object>(positional),
                                                Borrowed<Object>(named)}));
  TRY(list_append(thread, as_list(list), std::move(row)));
  return Ref<Object>::share(thread, arguments.at(0));
}

Result<Ref<Object>> unregister_function(ThreadState& thread, Borrowed<Object> self,
                                        const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> list, functions_of(thread, self));
  for (std::int64_t i = list_size(*as_list(list)) - 1; i >= 0; --i) {
    Ref<Object> row = list_get(thread, as_list(list), i);
    if (!row) continue;
    TRY_ASSIGN(bool equal, are_equal(thread, as_tuple(row)->at(0), arguments.at(0)));
    if (equal) (void)list_delete(thread, as_list(list), i);
  }
  return none();
}

Result<Done> call_one(ThreadState& thread, Borrowed<Tuple> row) {
  const Borrowed<Tuple> positional = as_tuple(row->at(1));
  std::vector<Borrowed<Object>> values;
  for (std::int64_t i = 0; i < positional->size; ++i) values.push_back(positional->at(i));
  if (is_none(row->items()[2])) {
    TRY(call(thread, row->at(0), Arguments(values)));
    return Done();
  }
  DictSnapshot snapshot(thread);
  {
    const Borrowed<Dict> dict = as_dict(row->at(2));
    ObjectSection section(thread, dict);
    if (!snapshot.take_locked(*dict)) return raise_out_of_memory(thread);
  }
  std::vector<Borrowed<Object>> named;
  std::vector<Ref<Object>> names;
  for (const DictItem& item : snapshot.items()) {
    named.push_back(item.value);
    names.push_back(item.key.duplicate(thread));
  }
  TRY_ASSIGN(Ref<Tuple> name_tuple, new_tuple_taking(thread, names));
  TRY(call(thread, row->at(0),
           CallArguments{.positional = values, .named = named, .names = name_tuple.get()}));
  return Done();
}

Result<Done> run_all(ThreadState& thread, Borrowed<Object> module) {
  TRY_ASSIGN(Ref<Object> list, functions_of(thread, module));
  while (list_size(*as_list(list)) > 0) {
    TRY_ASSIGN(Ref<Object> row, list_pop(thread, as_list(list)));
    Result<Done> called = call_one(thread, as_tuple(row));
    if (called.is_raised()) {
      write_unraisable(thread, std::move(called).raised(), as_tuple(row)->items()[0],
                       "Exception ignored in atexit callback");
    }
  }
  return Done();
}

Result<Ref<Object>> run_functions(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  TRY(run_all(thread, self));
  return none();
}

Result<Ref<Object>> clear_functions(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> list, functions_of(thread, self));
  list_clear(thread, as_list(list));
  return none();
}

Result<Ref<Object>> count_functions(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> list, functions_of(thread, self));
  return new_int(thread, list_size(*as_list(list)));
}

constexpr NativeMethod kFunctions[] = {
    {"register(func, /, *args, **kwargs)", &register_function},
    {"unregister(func, /)", &unregister_function},
    {"_run_exitfuncs()", &run_functions},
    {"_clear()", &clear_functions},
    {"_ncallbacks()", &count_functions},
};

}  // namespace

void run_exit_functions(ThreadState& thread) {
  const auto run = [&]() -> Result<Done> {
    TRY_ASSIGN(Ref<Str> name, intern(thread, "atexit"));
    TRY_ASSIGN(Ref<Object> module, dict_get(thread, Interpreter::of(thread).modules(), name));
    if (!module) return Done();
    return run_all(thread, module);
  };
  Result<Done> ran = run();
  if (ran.is_raised()) {
    write_unraisable(thread, std::move(ran).raised(), nullptr, "Exception ignored in atexit");
  }
}

Result<Done> fill_atexit(ThreadState& thread, Borrowed<Module> module) {
  TRY_ASSIGN(Ref<List> functions, new_list(thread));
  TRY(set_in_module(thread, module, kList, functions));
  return add_functions(thread, module, kFunctions);
}

}  // namespace runtime
