// Importing modules.
//
// sys.modules says what is there. What is not there is made by the first of: modules in C++, modules
// in Python text that is compiled in, .py files and packages along sys.path. The two former are
// known to the floor above, which says so by two functions. A module that is being made stands in
// sys.modules already, with a lock of its own: a second thread waits until the first is done; if the
// first waits for the second in turn, that one gets the module as it is.
//
// Ancestry: https://docs.python.org/3/reference/import.html; CPython's Lib/importlib/_bootstrap.py
// (_ModuleLock) and Python/import.c. Departure: finders and loaders are no objects.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

struct Dict;
struct Str;
struct Tuple;

// Python text that is compiled in. What is pointed at stays.
struct ModuleText {
  std::string_view text;
  std::string_view file;  // __file__ and in tracebacks
  bool is_package;
};

struct ModuleFinders {
  // Makes and fills the module of this name. Null: there is none in C++.
  Result<Ref<Object>> (*make_native)(ThreadState& thread, std::string_view name) = nullptr;
  std::optional<ModuleText> (*find_text)(std::string_view name) = nullptr;
};

// The module with this absolute name, whose packages are imported first: the last one of "a.b.c".
// ModuleNotFoundError "No module named 'x'", and whatever running it raises.
Result<Ref<Object>> import_module(ThreadState& thread, Borrowed<Str> name);
Result<Ref<Object>> import_module(ThreadState& thread, std::string_view name);

// __import__(name, globals, locals, fromlist, level). `globals` may be null; `from_list` is a
// sequence of names, or null.
Result<Ref<Object>> import_name(ThreadState& thread, Borrowed<Str> name, Object* globals,
                                Object* from_list, std::int64_t level);
// `from module import name`.
Result<Ref<Object>> import_from(ThreadState& thread, Borrowed<Object> module, Borrowed<Str> name);
// `from module import *`, into a mapping.
Result<Done> import_star(ThreadState& thread, Borrowed<Object> module, Borrowed<Object> target);

// Runs text as a module that is in sys.modules already: sets __file__, __spec__ ... and the rest.
// `file` null: there is none.
Result<Done> run_module_text(ThreadState& thread, Borrowed<Object> module, std::string_view text,
                             std::string_view file);

}  // namespace runtime
