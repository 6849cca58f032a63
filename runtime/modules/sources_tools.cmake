# itertools, functools, collections, operator.
list(APPEND module_sources
  itertools_combining.cpp itertools_grouping.cpp itertools_joining.cpp itertools_module.cpp itertools_numbers.cpp
  itertools_selection.cpp itertools_tee.cpp
  collections_defaultdict.cpp collections_deque.cpp collections_module.cpp
  functools_cache.cpp functools_module.cpp functools_partial.cpp
  operator_getters.cpp operator_module.cpp)
list(APPEND module_scenarios file_scenarios.cpp itertools_scenarios.cpp)
