# Threads, contexts, weak references, warnings.
list(APPEND module_sources
  contexts_hamt.cpp contexts_module.cpp contexts_object.cpp contexts_types.cpp gathered_arguments.cpp modules.cpp
  thread_handle.cpp thread_locals.cpp thread_lock.cpp thread_module.cpp thread_registry.cpp thread_rlock.cpp thread_timeout.cpp thread_types.cpp
  warning.cpp
  weak_module.cpp weak_proxy.cpp weak_reference_type.cpp)
list(APPEND module_tests contexts_hamt_test.cpp contexts_test.cpp thread_test.cpp)
list(APPEND module_scenarios contexts_scenarios.cpp modules_scenarios.cpp thread_scenarios.cpp)
