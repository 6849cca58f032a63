// What of the module sys follows from settings and profile: flags, versions, paths, streams.
#include <cfloat>
#include <string>
#include <unistd.h>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/struct_sequence.h"
#include "runtime/modules/system_settings.h"
#include "runtime/modules/text_file.h"
#include "runtime/modules/version.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/values.h"
#include "runtime/threads/world.h"
#include "runtime/types/attributes.h"
#include "runtime/types/simple_namespace.h"

namespace runtime {

namespace {

Result<Ref<Object>> number(ThreadState& thread, std::int64_t value) {
  return new_int(thread, value);
}

Result<Ref<Object>> list_of_texts(ThreadState& thread, const std::vector<std::string>& texts) {
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  for (const std::string& text : texts) {
    TRY_ASSIGN(Ref<Str> item, new_str(thread, text));
    TRY(list_append(thread, list, std::move(item)));
  }
  return list;
}

// A struct sequence sys.<name> with numbers and texts, of a type of its own.
struct Field {
  const char* name;
  Ref<Object> value;
};

Result<Ref<Object>> structure(ThreadState& thread, std::string_view type_name,
                              std::vector<Field> fields) {
  std::vector<const char*> names;
  std::vector<Ref<Object>> values;
  for (Field& field : fields) {
    names.push_back(field.name);
    values.push_back(std::move(field.value));
  }
  TRY_ASSIGN(Ref<Type> type, new_struct_sequence_type(thread, "sys", type_name, names));
  return new_struct_sequence(thread, type, values);
}

Result<Done> add_number(ThreadState& thread, std::vector<Field>& fields, const char* name,
                        std::int64_t value) {
  TRY_ASSIGN(Ref<Object> object, number(thread, value));
  fields.push_back({name, std::move(object)});
  return Done();
}
void add_truth(std::vector<Field>& fields, const char* name, bool value) {
  fields.push_back({name, boolean(value)});
}
Result<Done> add_text(ThreadState& thread, std::vector<Field>& fields, const char* name,
                      std::string_view value) {
  TRY_ASSIGN(Ref<Str> object, new_str(thread, value));
  fields.push_back({name, std::move(object)});
  return Done();
}

Result<Ref<Object>> flags_of(ThreadState& thread, const SystemSettings& settings) {
  const Profile& profile = Values::of(thread).profile();
  std::vector<Field> fields;
  const std::pair<const char*, std::int64_t> numbers[] = {
      {"debug", 0},
      {"inspect", settings.is_interactive ? 1 : 0},
      {"interactive", settings.is_interactive ? 1 : 0},
      {"optimize", settings.optimization},
      {"dont_write_bytecode", settings.writes_bytecode ? 0 : 1},
      {"no_user_site", 1},
      {"no_site", 1},
      {"ignore_environment", settings.ignores_environment ? 1 : 0},
      {"verbose", settings.verbosity},
      {"bytes_warning", 0},
      {"quiet", settings.is_quiet ? 1 : 0},
      {"hash_randomization", settings.randomizes_hashes ? 1 : 0},
      {"isolated", settings.is_isolated ? 1 : 0},
  };
  for (const auto& [name, value] : numbers) TRY(add_number(thread, fields, name, value));
  add_truth(fields, "dev_mode", settings.is_developer_mode);
  TRY(add_number(thread, fields, "utf8_mode", 1));
  TRY(add_number(thread, fields, "warn_default_encoding", 0));
  add_truth(fields, "safe_path", settings.is_isolated);
  TRY(add_number(thread, fields, "int_max_str_digits",
                 Values::of(thread).greatest_decimal_digits()));
  const bool is_314 = profile.major > 3 || profile.minor >= 14;
  if (is_314) {
    // None: nobody asked, and the build can do without.
    const bool is_on = thread.world().gil().is_enabled();
    if (settings.gil >= 0 || !kFreeThreaded) {
      TRY(add_number(thread, fields, "gil", settings.gil >= 0 ? settings.gil : 1));
    } else {
      fields.push_back({"gil", is_on ? Ref<Object>(shared_int(1)) : none()});
    }
    const auto flag = [](int given, bool profile_says) {
      return given >= 0 ? given : (profile_says ? 1 : 0);
    };
    TRY(add_number(thread, fields, "thread_inherit_context",
                   flag(settings.thread_inherit_context, profile.threads_inherit_context)));
    TRY(add_number(thread, fields, "context_aware_warnings",
                   flag(settings.context_aware_warnings, profile.warnings_are_context_aware)));
  } else if (settings.gil >= 0 || !kFreeThreaded) {
    TRY(add_number(thread, fields, "gil", settings.gil >= 0 ? settings.gil : 1));
  } else {
    fields.push_back({"gil", none()});
  }
  return structure(thread, "flags", std::move(fields));
}

Result<Ref<Object>> version_info_of(ThreadState& thread, const Profile& profile) {
  std::vector<Field> fields;
  TRY(add_number(thread, fields, "major", profile.major));
  TRY(add_number(thread, fields, "minor", profile.minor));
  TRY(add_number(thread, fields, "micro", kVersionMicro));
  TRY(add_text(thread, fields, "releaselevel", "final"));
  TRY(add_number(thread, fields, "serial", 0));
  return structure(thread, "version_info", std::move(fields));
}

std::int64_t hexadecimal_version(const Profile& profile) {
  return (profile.major << 24) | (profile.minor << 16) | (kVersionMicro << 8) | 0xF0;
}

Result<Done> set_versions(ThreadState& thread, Borrowed<Module> module) {
  const Profile& profile = Values::of(thread).profile();
  TRY(set_in_module(thread, module, "version", version_text(profile)));
  TRY_ASSIGN(Ref<Object> info, version_info_of(thread, profile));
  TRY(set_in_module(thread, module, "version_info", info));
  TRY(set_in_module(thread, module, "hexversion", hexadecimal_version(profile)));
  TRY(set_in_module(thread, module, "api_version", 1013));
  TRY(set_in_module(thread, module, "copyright", std::string_view("Heddle")));
  TRY(set_in_module(thread, module, "abiflags", std::string_view(kFreeThreaded ? "t" : "")));

  TRY_ASSIGN(Ref<Dict> fields, new_dict(thread));
  TRY_ASSIGN(Ref<Object> implementation, new_simple_namespace(thread, fields));
  TRY_ASSIGN(Ref<Str> name, new_str(thread, "heddle"));
  TRY(set_attribute(thread, implementation, "name", name.get()));
  TRY(set_attribute(thread, implementation, "version", info.get()));
  TRY_ASSIGN(Ref<Object> hex, number(thread, hexadecimal_version(profile)));
  TRY(set_attribute(thread, implementation, "hexversion", hex.get()));
  TRY(set_attribute(thread, implementation, "cache_tag", &none_object));
  return set_in_module(thread, module, "implementation", implementation);
}

Result<Done> set_limits(ThreadState& thread, Borrowed<Module> module) {
  TRY(set_in_module(thread, module, "maxsize", INT64_MAX));
  TRY(set_in_module(thread, module, "maxunicode", kGreatestCodePoint));
  TRY(set_in_module(thread, module, "byteorder", std::string_view("little")));
  TRY(set_in_module(thread, module, "platform", std::string_view("linux")));
  TRY(set_in_module(thread, module, "float_repr_style", std::string_view("short")));

  std::vector<Field> floats;
  const std::pair<const char*, double> doubles[] = {
      {"max", DBL_MAX}, {"min", DBL_MIN}, {"epsilon", DBL_EPSILON}};
  for (const auto& [name, value] : doubles) {
    TRY_ASSIGN(Ref<Float> object, new_float(thread, value));
    floats.push_back({name, std::move(object)});
  }
  TRY(add_number(thread, floats, "dig", DBL_DIG));
  TRY(add_number(thread, floats, "mant_dig", DBL_MANT_DIG));
  TRY(add_number(thread, floats, "max_exp", DBL_MAX_EXP));
  TRY(add_number(thread, floats, "min_exp", DBL_MIN_EXP));
  TRY(add_number(thread, floats, "radix", FLT_RADIX));
  TRY_ASSIGN(Ref<Object> float_info, structure(thread, "float_info", std::move(floats)));
  TRY(set_in_module(thread, module, "float_info", float_info));

  std::vector<Field> ints;
  TRY(add_number(thread, ints, "bits_per_digit", 60));
  TRY(add_number(thread, ints, "sizeof_digit", 8));
  TRY(add_number(thread, ints, "default_max_str_digits", 4300));
  TRY(add_number(thread, ints, "str_digits_check_threshold", 640));
  TRY_ASSIGN(Ref<Object> int_info, structure(thread, "int_info", std::move(ints)));
  TRY(set_in_module(thread, module, "int_info", int_info));

  std::vector<Field> hashes;
  TRY(add_number(thread, hashes, "width", 64));
  TRY(add_number(thread, hashes, "modulus", (std::int64_t{1} << 61) - 1));
  TRY(add_number(thread, hashes, "inf", 314159));
  TRY(add_number(thread, hashes, "nan", 0));
  TRY(add_text(thread, hashes, "algorithm", "siphash13"));
  TRY(add_number(thread, hashes, "hash_bits", 64));
  TRY(add_number(thread, hashes, "seed_bits", 128));
  TRY_ASSIGN(Ref<Object> hash_info, structure(thread, "hash_info", std::move(hashes)));
  TRY(set_in_module(thread, module, "hash_info", hash_info));

  std::vector<Field> threads;
  TRY(add_text(thread, threads, "name", "pthread"));
  TRY(add_text(thread, threads, "lock", "pymutex"));
  threads.push_back({"version", none()});
  TRY_ASSIGN(Ref<Object> thread_info, structure(thread, "thread_info", std::move(threads)));
  return set_in_module(thread, module, "thread_info", thread_info);
}

Result<Done> set_stream(ThreadState& thread, Borrowed<Module> module, const char* name,
                        int descriptor, const char* shown, FileMode how) {
  how.closes_descriptor = false;
  TRY_ASSIGN(Ref<Str> shown_name, new_str(thread, shown));
  TRY_ASSIGN(Ref<File> file,
             new_file(thread, descriptor, how, shown_name, how.reads ? "r" : "w", "utf-8",
                      descriptor == 2 ? "backslashreplace" : "surrogateescape"));
  TRY(set_in_module(thread, module, name, file));
  return set_in_module(thread, module, std::string("__") + name + "__", file);
}

Result<Done> set_streams(ThreadState& thread, Borrowed<Module> module,
                         const SystemSettings& settings) {
  TRY(set_stream(thread, module, "stdin", 0, "<stdin>", {.reads = true}));
  TRY(set_stream(thread, module, "stdout", 1, "<stdout>",
                 {.writes = true,
                  .flushes_lines = ::isatty(1) != 0,
                  .flushes_always = settings.is_unbuffered}));
  return set_stream(
      thread, module, "stderr", 2, "<stderr>",
      {.writes = true, .flushes_lines = true, .flushes_always = settings.is_unbuffered});
}

Result<Done> set_options(ThreadState& thread, Borrowed<Module> module,
                         const SystemSettings& settings) {
  TRY_ASSIGN(Ref<Dict> options, new_dict(thread));
  for (const auto& [name, value] : settings.options) {
    TRY_ASSIGN(Ref<Str> key, new_str(thread, name));
    if (!value) {
      TRY(dict_set(thread, options, key, Borrowed<Object>(&true_object)));
    } else {
      TRY_ASSIGN(Ref<Str> text, new_str(thread, *value));
      TRY(dict_set(thread, options, key, text));
    }
  }
  TRY(set_in_module(thread, module, "_xoptions", options));
  const std::pair<const char*, const std::vector<std::string>*> lists[] = {
      {"argv", &settings.arguments},
      {"orig_argv", &settings.original},
      {"path", &settings.paths},
      {"warnoptions", &settings.warn_options}};
  for (const auto& [name, texts] : lists) {
    TRY_ASSIGN(Ref<Object> list, list_of_texts(thread, *texts));
    TRY(set_in_module(thread, module, name, list));
  }
  return Done();
}

Result<Done> set_names_of_modules(ThreadState& thread, Borrowed<Module> module) {
  TRY_ASSIGN(Ref<List> names, new_list(thread));
  for (const NativeModule& row : native_modules()) {
    TRY_ASSIGN(Ref<Str> name, intern(thread, row.name));
    TRY(list_append(thread, names, std::move(name)));
  }
  TRY(list_sort(thread, names, nullptr, false));
  TRY_ASSIGN(Ref<Tuple> tuple, list_to_tuple(thread, names));
  return set_in_module(thread, module, "builtin_module_names", tuple);
}

}  // namespace

Result<Done> configure_sys(ThreadState& thread, const SystemSettings& settings) {
  TRY_ASSIGN(Ref<Object> found, import_module(thread, "sys"));
  const Borrowed<Module> module = as_module(found);
  TRY(set_versions(thread, module));
  TRY(set_limits(thread, module));
  TRY_ASSIGN(Ref<Object> flags, flags_of(thread, settings));
  TRY(set_in_module(thread, module, "flags", flags));
  TRY(set_options(thread, module, settings));
  TRY(set_names_of_modules(thread, module));
  TRY(set_in_module(thread, module, "executable", settings.executable));
  TRY(set_in_module(thread, module, "_base_executable", settings.executable));
  for (const char* prefix : {"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"}) {
    TRY(set_in_module(thread, module, prefix, std::string_view("/usr")));
  }
  TRY(set_in_module(thread, module, "platlibdir", std::string_view("lib")));
  TRY(set_in_module(thread, module, "dont_write_bytecode",
                    Borrowed<Object>(settings.writes_bytecode ? &false_object : &true_object)));
  TRY(set_in_module(thread, module, "pycache_prefix", Borrowed<Object>(&none_object)));
  TRY(set_in_module(thread, module, "ps1", std::string_view(">>> ")));
  return set_streams(thread, module, settings);
}

}  // namespace runtime
