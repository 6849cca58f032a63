# add_floor(NAME SOURCES ... TESTS ... ABOVE ... LIBRARIES ...): folder = CMake target = floor.
#
# A floor is a static library with its unit tests beside its sources. ABOVE names the floor right below (its own floors come
# along); LIBRARIES names outside libraries. The tests of a floor are one program, NAME_test, and one CTest entry.

set(heddle_compile_options -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
set(heddle_link_options "")
if(HEDDLE_SANITIZER STREQUAL "thread")
  list(APPEND heddle_compile_options -fsanitize=thread -fno-omit-frame-pointer)
  list(APPEND heddle_link_options -fsanitize=thread)
elseif(HEDDLE_SANITIZER STREQUAL "address")
  list(APPEND heddle_compile_options -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  list(APPEND heddle_link_options -fsanitize=address,undefined)
elseif(NOT HEDDLE_SANITIZER STREQUAL "none")
  message(FATAL_ERROR "HEDDLE_SANITIZER is '${HEDDLE_SANITIZER}'; it can be none, thread or address")
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  list(APPEND heddle_link_options -fuse-ld=lld)
endif()

function(heddle_settings target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${heddle_compile_options})
  target_link_options(${target} PRIVATE ${heddle_link_options})
endfunction()

function(add_floor name)
  cmake_parse_arguments(FLOOR "" "" "SOURCES;TESTS;ABOVE;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${FLOOR_SOURCES})
  heddle_settings(${name})
  target_link_libraries(${name} PUBLIC ${FLOOR_ABOVE} ${FLOOR_LIBRARIES})
  if(FLOOR_TESTS)
    add_executable(${name}_test ${FLOOR_TESTS})
    heddle_settings(${name}_test)
    target_link_libraries(${name}_test PRIVATE ${name} ${FLOOR_TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE
      HEDDLE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" HEDDLE_BINARY_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  endif()
endfunction()
