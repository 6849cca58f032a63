# heddle_precompiled(TARGET KIND): headers that nearly every source reads are read once per build, not once per source.
#
# Two thirds of the time of an unoptimised source went into them (1.1 s instead of 0.35 s; a test 2.4 s instead of 1.3 s).
# KIND: `standard` (of C++; the judge and the floors below objects), `objects` (and what the floors above objects have in
# common), each also as ..._test with GoogleTest. A source still includes what it uses: preset gcc builds without this.
#
# ccache takes part if it is told that a precompiled header's macros and times do not matter, which Clang vouches for itself.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  set(heddle_precompiles ON)
  set(CMAKE_PCH_INSTANTIATE_TEMPLATES ON)
  if(CMAKE_CXX_COMPILER_LAUNCHER STREQUAL "ccache")
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ccache)
  endif()
else()
  set(heddle_precompiles OFF)
endif()

function(heddle_add_precompiled kind)
  if(NOT heddle_precompiles)
    return()
  endif()
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled/${kind}.cpp "")
  add_library(precompiled_${kind} OBJECT ${CMAKE_BINARY_DIR}/precompiled/${kind}.cpp)
  heddle_settings(precompiled_${kind})
  target_compile_options(precompiled_${kind} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  if(kind MATCHES "_test$")
    target_link_libraries(precompiled_${kind} PRIVATE GTest::gmock)
  endif()
  target_precompile_headers(precompiled_${kind} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled/${kind}.h)
endfunction()

function(heddle_precompiled target kind)
  if(heddle_precompiles)
    target_precompile_headers(${target} REUSE_FROM precompiled_${kind})
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# The kind for what stands on these floors.
function(heddle_precompiled_kind out)
  set(kind standard)
  foreach(floor ${ARGN})
    if(floor MATCHES "^runtime_(object|collector|containers|types|methods|compiler|interpreter|modules|embedding|heddle_python)$")
      set(kind objects)
    endif()
  endforeach()
  set(${out} ${kind} PARENT_SCOPE)
endfunction()
