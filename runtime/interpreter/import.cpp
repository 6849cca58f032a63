#include "runtime/interpreter/import.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <utility>

#include "runtime/compiler/compile.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/module_locks.h"
#include "runtime/interpreter/module_spec.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/module_object.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

namespace files = std::filesystem;

// Where the text of a module is, and what it is.
struct FoundText {
  std::string text;
  std::string file;
  std::string folder;  // of a package; empty: it is none
  bool is_file;        // else it is compiled in
};

Raised raise_not_found(ThreadState& thread, std::string_view name, std::string_view more = "") {
  Result<Ref<Str>> text = new_str(thread, name);
  if (text.is_raised()) return std::move(text).raised();
  return raise_import_error(thread, module_not_found_error_type, text.value(), nullptr,
                            fmt::format("No module named '{}'{}", name, more));
}

Result<Ref<Object>> known_module(ThreadState& thread, std::string_view name) {
  TRY_ASSIGN(Ref<Str> key, intern(thread, name));
  return dict_get(thread, Interpreter::of(thread).modules(), key);
}

// sys.path, or __path__ of the package: a list of strs.
Result<Ref<Object>> search_path(ThreadState& thread, Object* package) {
  if (package != nullptr) {
    return find_attribute(thread, Borrowed<Object>(package), Names::of(thread).dunder_path());
  }
  TRY_ASSIGN(Ref<Object> sys, known_module(thread, "sys"));
  if (!sys) return Ref<Object>(nullptr);
  return find_attribute(thread, sys, Names::of(thread).path());
}

std::optional<std::string> read_whole(const files::path& path) {
  std::error_code error;
  if (!files::is_regular_file(path, error)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

// folder/tail/__init__.py, folder/tail.py.
std::optional<FoundText> find_in_folder(const std::string& folder, std::string_view tail) {
  const files::path base = folder.empty() ? files::path(".") : files::path(folder);
  const files::path package = base / std::string(tail);
  if (auto text = read_whole(package / "__init__.py")) {
    return FoundText{std::move(*text), (package / "__init__.py").string(), package.string(), true};
  }
  const files::path file = base / (std::string(tail) + ".py");
  if (auto text = read_whole(file)) {
    return FoundText{std::move(*text), file.string(), "", true};
  }
  return std::nullopt;
}

Result<bool> find_in_path(ThreadState& thread, Object* package, std::string_view tail,
                          FoundText* found) {
  TRY_ASSIGN(Ref<Object> path, search_path(thread, package));
  if (!path || is_none(path.get())) return false;
  TRY_ASSIGN(Ref<List> folders, new_list_from(thread, path));
  for (std::int64_t i = 0; i < list_size(*folders); ++i) {
    Ref<Object> folder = list_get(thread, folders, i);
    if (!folder || !is_str(*folder)) continue;
    if (std::optional<FoundText> here = find_in_folder(utf8_of(*as_str(folder)), tail)) {
      *found = std::move(*here);
      return true;
    }
  }
  return false;
}

Result<bool> find_text(ThreadState& thread, std::string_view name, Object* package,
                       std::string_view tail, FoundText* found) {
  const ModuleFinders& finders = Interpreter::of(thread).finders();
  if (finders.find_text != nullptr) {
    if (const std::optional<ModuleText> row = finders.find_text(name)) {
      *found = FoundText{std::string(row->text), std::string(row->file),
                         row->is_package ? std::string(row->file) : "", false};
      return true;
    }
  }
  return find_in_path(thread, package, tail, found);
}

Result<Done> set_in(ThreadState& thread, Borrowed<Dict> dict, std::string_view name,
                    Borrowed<Object> value) {
  TRY_ASSIGN(Ref<Str> key, intern(thread, name));
  return dict_set(thread, dict, key, value);
}

// What each module has before it runs.
Result<Done> describe_module(ThreadState& thread, Borrowed<Object> module, Borrowed<Str> name,
                             const FoundText* found) {
  const Borrowed<Dict> dict = module_dict(as_module(module));
  const Ref<Object> nothing = none();
  Ref<Object> folders;
  Ref<Object> file;
  if (found != nullptr) {
    RT_TRY_ASSIGN(file_text, file, new_str(thread, found->file));
    TRY(set_in(thread, dict, "__file__", file));
  }
  if (found != nullptr && !found->folder.empty()) {
    TRY_ASSIGN(Ref<List> list, new_list(thread));
    if (found->is_file) {
      TRY_ASSIGN(Ref<Str> folder, new_str(thread, found->folder));
      TRY(list_append(thread, list, std::move(folder)));
    }
    folders = std::move(list);
    TRY(set_in(thread, dict, "__path__", folders));
  }
  TRY_ASSIGN(Ref<Object> spec,
             new_module_spec(thread, name, file.get(), folders.get(), found != nullptr));
  TRY(set_in(thread, dict, "__spec__", spec));
  TRY_ASSIGN(Ref<Object> parent, get_attribute(thread, spec, "parent"));
  TRY(set_in(thread, dict, "__package__", parent));
  return set_in(thread, dict, "__loader__", nothing);
}

// Makes, publishes and runs it; if it raises, it is not known any more.
Result<Done> load_text(ThreadState& thread, Borrowed<Str> name, const FoundText& found) {
  Interpreter& interpreter = Interpreter::of(thread);
  TRY_ASSIGN(Ref<Module> module, new_module(thread, name));
  TRY(describe_module(thread, module, name, &found));
  TRY(dict_set(thread, interpreter.modules(), name, module));
  Result<Done> done = run_module_text(thread, module, found.text, found.file);
  if (!done.is_raised()) return done;
  Raised raised = std::move(done).raised();
  Result<Ref<Object>> forgotten = dict_take(thread, interpreter.modules(), name);
  if (forgotten.is_raised()) return std::move(forgotten).raised();
  return raised;
}

// False: it exists nowhere.
Result<bool> load(ThreadState& thread, Borrowed<Str> name, Object* package, std::string_view tail) {
  Interpreter& interpreter = Interpreter::of(thread);
  const std::string full = utf8_of(*name);
  if (interpreter.finders().make_native != nullptr) {
    TRY_ASSIGN(Ref<Object> module, interpreter.finders().make_native(thread, full));
    if (module) {
      TRY(describe_module(thread, module, name, nullptr));
      TRY(dict_set(thread, interpreter.modules(), name, module));
      return true;
    }
  }
  FoundText found;
  TRY_ASSIGN(bool is_found, find_text(thread, full, package, tail, &found));
  if (!is_found) return false;
  TRY(load_text(thread, name, found));
  return true;
}

class HeldModuleLock {
 public:
  HeldModuleLock(ThreadState& thread, const std::string& name)
      : thread_(thread),
        locks_(Interpreter::of(thread).module_locks()),
        name_(name),
        taken_(locks_.acquire(thread, name)) {}
  ~HeldModuleLock() {
    if (taken_ == ModuleLocks::Taken::kMine) locks_.release(thread_, name_);
  }
  HeldModuleLock(const HeldModuleLock&) = delete;
  HeldModuleLock& operator=(const HeldModuleLock&) = delete;

 private:
  ThreadState& thread_;
  ModuleLocks& locks_;
  const std::string& name_;
  const ModuleLocks::Taken taken_;
};

// In sys.modules, and not half-made by another thread.
Result<Ref<Object>> finished_module(ThreadState& thread, const std::string& name) {
  TRY_ASSIGN(Ref<Object> module, known_module(thread, name));
  if (!module) return module;
  if (is_none(module.get())) {
    TRY_ASSIGN(Ref<Str> text, new_str(thread, name));
    return raise_import_error(thread, module_not_found_error_type, text, nullptr,
                              fmt::format("import of {} halted; None in sys.modules", name));
  }
  ModuleLocks& locks = Interpreter::of(thread).module_locks();
  if (locks.importer(thread, name) != ModuleLocks::Importer::kAnother) return module;
  { HeldModuleLock wait(thread, name); }
  return known_module(thread, name);
}

Result<Ref<Object>> import_full(ThreadState& thread, const std::string& name);

// Of a module in a package: imports that first.
Result<Ref<Object>> import_parent(ThreadState& thread, const std::string& name,
                                  const std::string& parent) {
  TRY_ASSIGN(Ref<Object> package, import_full(thread, parent));
  TRY_ASSIGN(Ref<Object> path, find_attribute(thread, package, Names::of(thread).dunder_path()));
  if (path) return package;
  return raise_not_found(thread, name, fmt::format("; '{}' is not a package", parent));
}

Result<Ref<Object>> import_full(ThreadState& thread, const std::string& name) {
  {
    TRY_ASSIGN(Ref<Object> known, finished_module(thread, name));
    if (known) return known;
  }
  const std::size_t dot = name.rfind('.');
  Ref<Object> package;
  if (dot != std::string::npos) {
    RT_TRY_ASSIGN(parent_found, package, import_parent(thread, name, name.substr(0, dot)));
  }
  const std::string tail = dot == std::string::npos ? name : name.substr(dot + 1);
  TRY_ASSIGN(Ref<Str> key, intern(thread, name));
  Ref<Object> module;
  {
    std::optional<HeldModuleLock> lock;
    if (!RT_MUTANT(module_run_twice)) lock.emplace(thread, name);
    RT_TRY_ASSIGN(known_now, module, known_module(thread, name));
    if (!module || RT_MUTANT(module_run_twice)) {
      TRY_ASSIGN(bool is_loaded, load(thread, key, package.get(), tail));
      if (!is_loaded) return raise_not_found(thread, name);
      RT_TRY_ASSIGN(made_now, module, known_module(thread, name));
    }
  }
  if (!module) {
    return raise(thread, key_error_type, "'{}' not in sys.modules as expected", name);
  }
  if (package) TRY(set_attribute(thread, package, tail, module.get()));
  return module;
}

// The package against which `from . import x` is resolved.
Result<std::string> package_of(ThreadState& thread, Object* globals) {
  auto find = [&](std::string_view name) -> Result<Ref<Object>> {
    if (globals == nullptr || !is_dict(*globals)) return Ref<Object>(nullptr);
    TRY_ASSIGN(Ref<Str> key, intern(thread, name));
    return dict_get(thread, as_dict(Borrowed<Object>(globals)), key);
  };
  TRY_ASSIGN(Ref<Object> package, find("__package__"));
  if (package && is_str(*package)) return utf8_of(*as_str(package));
  if (package && !is_none(package.get())) {
    return raise(thread, type_error_type, "package must be a string");
  }
  TRY_ASSIGN(Ref<Object> name, find("__name__"));
  if (!name || !is_str(*name)) {
    return raise(thread, key_error_type, "'__name__' not in globals");
  }
  std::string text = utf8_of(*as_str(name));
  TRY_ASSIGN(Ref<Object> path, find("__path__"));
  if (path) return text;
  const std::size_t dot = text.rfind('.');
  return dot == std::string::npos ? std::string() : text.substr(0, dot);
}

Result<std::string> absolute_name(ThreadState& thread, const std::string& name, Object* globals,
                                  std::int64_t level) {
  if (level == 0) {
    if (name.empty()) return raise(thread, value_error_type, "Empty module name");
    return name;
  }
  TRY_ASSIGN(std::string package, package_of(thread, globals));
  if (package.empty()) {
    return raise(thread, import_error_type,
                 "attempted relative import with no known parent package");
  }
  for (std::int64_t i = 1; i < level; ++i) {
    const std::size_t dot = package.rfind('.');
    if (dot == std::string::npos) {
      return raise(thread, import_error_type, "attempted relative import beyond top-level package");
    }
    package.resize(dot);
  }
  return name.empty() ? package : package + "." + name;
}

// `from package import submodule`: what is no attribute may be a module.
Result<Done> import_submodules(ThreadState& thread, const std::string& package_name,
                               Borrowed<Object> package, Borrowed<Object> from_list) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, from_list));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return Done();
    if (!is_str(*item)) {
      return raise(thread, type_error_type, "Item in ``from list'' must be str, not {}",
                   type_name(item));
    }
    const std::string name = utf8_of(*as_str(item));
    if (name == "*") {
      TRY_ASSIGN(Ref<Object> all, find_attribute(thread, package, Names::of(thread).dunder_all()));
      if (all) TRY(import_submodules(thread, package_name, package, all));
      continue;
    }
    TRY_ASSIGN(Ref<Object> attribute, find_attribute(thread, package, name));
    if (attribute) continue;
    const std::string full = package_name + "." + name;
    Result<Ref<Object>> imported = import_full(thread, full);
    if (!imported.is_raised()) continue;
    Raised raised = std::move(imported).raised();
    if (!matches(raised, module_not_found_error_type)) return raised;
    TRY_ASSIGN(Ref<Object> missing,
               exception_detail(thread, raised.exception(), Names::of(thread).name()));
    if (!is_str(*missing) || utf8_of(*as_str(missing)) != full) return raised;
  }
}

Result<std::string> name_of_module(ThreadState& thread, Borrowed<Object> module) {
  TRY_ASSIGN(Ref<Object> name, find_attribute(thread, module, Names::of(thread).dunder_name()));
  return name && is_str(*name) ? utf8_of(*as_str(name)) : std::string();
}

}  // namespace

Result<Ref<Object>> import_module(ThreadState& thread, Borrowed<Str> name) {
  return import_full(thread, utf8_of(*name));
}

Result<Ref<Object>> import_module(ThreadState& thread, std::string_view name) {
  return import_full(thread, std::string(name));
}

Result<Ref<Object>> import_name(ThreadState& thread, Borrowed<Str> name, Object* globals,
                                Object* from_list, std::int64_t level) {
  if (level < 0) return raise(thread, value_error_type, "level must be >= 0");
  const std::string written = utf8_of(*name);
  TRY_ASSIGN(std::string full, absolute_name(thread, written, globals, level));
  TRY_ASSIGN(Ref<Object> module, import_full(thread, full));
  bool has_list = false;
  if (from_list != nullptr) {
    RT_TRY_ASSIGN(list_truth, has_list, is_true(thread, Borrowed<Object>(from_list)));
  }
  if (has_list) {
    TRY_ASSIGN(Ref<Object> path, find_attribute(thread, module, Names::of(thread).dunder_path()));
    if (path) {
      TRY(import_submodules(thread, full, module, Borrowed<Object>(from_list)));
    }
    return module;
  }
  const std::size_t dot = written.find('.');
  if (written.empty() || dot == std::string::npos) return module;
  // The first part of what was written.
  return import_full(thread, full.substr(0, full.size() - (written.size() - dot)));
}

Result<Ref<Object>> import_from(ThreadState& thread, Borrowed<Object> module, Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Object> found, find_attribute(thread, module, name));
  if (found) return found;
  TRY_ASSIGN(std::string module_name, name_of_module(thread, module));
  if (!module_name.empty()) {
    RT_TRY_ASSIGN(submodule, found, known_module(thread, module_name + "." + utf8_of(*name)));
    if (found) return found;
  }
  TRY_ASSIGN(Ref<Object> file, find_attribute(thread, module, Names::of(thread).dunder_file()));
  const std::string place =
      file && is_str(*file) ? utf8_of(*as_str(file)) : std::string("unknown location");
  const bool is_half_made = Interpreter::of(thread).module_locks().importer(thread, module_name) !=
                            ModuleLocks::Importer::kNobody;
  TRY_ASSIGN(Ref<Str> shown_name,
             new_str(thread, module_name.empty() ? "<unknown module name>" : module_name));
  if (is_half_made) {
    return raise_import_error(
        thread, import_error_type, shown_name, file.get(),
        fmt::format("cannot import name '{}' from partially initialized module '{}' (most likely "
                    "due to a circular import) ({})",
                    utf8_of(*name), utf8_of(*shown_name), place));
  }
  return raise_import_error(thread, import_error_type, shown_name, file.get(),
                            fmt::format("cannot import name '{}' from '{}' ({})", utf8_of(*name),
                                        utf8_of(*shown_name), place));
}

Result<Done> import_star(ThreadState& thread, Borrowed<Object> module, Borrowed<Object> target) {
  TRY_ASSIGN(Ref<Object> names, find_attribute(thread, module, Names::of(thread).dunder_all()));
  const bool is_listed = static_cast<bool>(names);
  if (!is_listed) {
    RT_TRY_ASSIGN(dict_found, names,
                  find_attribute(thread, module, Names::of(thread).dunder_dict()));
    if (!names) {
      return raise(thread, import_error_type,
                   "from-import-* object has no __dict__ and no __all__");
    }
  }
  TRY_ASSIGN(Ref<List> all, new_list_from(thread, names));
  for (std::int64_t i = 0; i < list_size(*all); ++i) {
    Ref<Object> name = list_get(thread, all, i);
    if (!name) break;
    if (!is_str(*name)) {
      TRY_ASSIGN(std::string module_name, name_of_module(thread, module));
      return raise(thread, type_error_type, "{} in {}.{} must be str, not {}",
                   is_listed ? "Item" : "Key", module_name, is_listed ? "__all__" : "__dict__",
                   type_name(name));
    }
    if (!is_listed && as_str(name)->length > 0 && as_str(name)->at(0) == '_') continue;
    TRY_ASSIGN(Ref<Str> interned, name_of(thread, name));
    TRY_ASSIGN(Ref<Object> value, get_attribute(thread, module, interned));
    TRY(set_item(thread, target, interned, value));
  }
  return Done();
}

Result<Done> run_module_text(ThreadState& thread, Borrowed<Object> module, std::string_view text,
                             std::string_view file) {
  const Borrowed<Dict> dict = module_dict(as_module(module));
  TRY(set_in(thread, dict, "__builtins__", Interpreter::of(thread).builtins_module()));
  TRY_ASSIGN(Ref<Str> file_name, new_str(thread, file));
  remember_source(thread, file, text);
  CompileOptions options;
  options.source_kind = syntax::SourceKind::kBytes;
  TRY_ASSIGN(Ref<Code> code, compile(thread, text, file_name, CompileMode::kModule, options));
  TRY(run_code(thread, code, dict, nullptr));
  return Done();
}

}  // namespace runtime
