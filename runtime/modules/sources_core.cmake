# builtins, sys, gc, time, files, the system, and where modules come from.
list(APPEND module_sources
  atexit_module.cpp builtins_attributes.cpp builtins_code.cpp builtins_iteration.cpp builtins_module.cpp builtins_numbers.cpp
  builtins_output.cpp compile_warnings.cpp finders.cpp gc_module.cpp io_module.cpp marshal_module.cpp os_error.cpp posix_module.cpp
  standard_streams.cpp struct_sequence.cpp sys_module.cpp sys_settings.cpp sys_sizes.cpp text_file.cpp time_module.cpp
  unraisable.cpp version.cpp)
