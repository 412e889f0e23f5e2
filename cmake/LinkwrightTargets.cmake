# One target a folder; its LINK list says the architecture (see docs/architecture.md).
#
#   lw_library(block SOURCES block_index.cc TESTS block_index_test.cc LINK base column)
#
# makes the static library lw_block (alias linkwright::block), and, when tests are on, the program block_test.
function(lw_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;LINK;TEST_LINK" ${ARGN})
  set(target lw_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE lw_options)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(linkwright::${name} ALIAS ${target})
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  lw_link(${target} ${scope} ${ARG_LINK})
  if(ARG_TESTS AND LINKWRIGHT_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_compile_definitions(${name}_test PRIVATE LINKWRIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    # What tests cost is compiling them: -O1 takes two thirds of the time of -O3 (rapidcheck's templates).
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O1>)
    target_link_libraries(${name}_test PRIVATE lw_options GTest::gmock GTest::gtest_main ${target})
    lw_link(${name}_test PRIVATE ${ARG_TEST_LINK})
    lw_gtest(${name}_test ${name})
  endif()
endfunction()

# Registers a GoogleTest program: every test for itself, or, under a sanitizer (where a start costs more than most
# tests), the whole program as one.
function(lw_gtest target label)
  if(NOT LINKWRIGHT_SANITIZE)
    # Pretty values of structures would be bytes and addresses, other ones in every run.
    gtest_discover_tests(${target} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600 LABELS ${label})
    return()
  endif()
  add_test(NAME ${target} COMMAND ${target} --gtest_brief=1)
  # Arrow's own libraries are not instrumented: containers that cross the border look broken to ASan's container
  # annotations, and locks inside Arrow are invisible to TSan, whose deadlock detector loses count over them and hangs.
  # Arrow's buffers come from malloc, where ASan sees them.
  set_tests_properties(${target} PROPERTIES TIMEOUT 900 LABELS ${label} ENVIRONMENT
    "ARROW_DEFAULT_MEMORY_POOL=system;ASAN_OPTIONS=detect_container_overflow=0:detect_stack_use_after_return=1;\
UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=detect_deadlocks=0:suppressions=${PROJECT_SOURCE_DIR}/tests/tsan_suppressions.txt")
endfunction()

# Names of our own folders become linkwright::name; anything with "::" is an imported target.
function(lw_link target scope)
  foreach(item ${ARGN})
    if(item MATCHES "::")
      target_link_libraries(${target} ${scope} ${item})
    else()
      target_link_libraries(${target} ${scope} linkwright::${item})
    endif()
  endforeach()
endfunction()

# A program for users, at the top of the build folder: build/release/NAME.
function(lw_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  target_link_libraries(${name} PRIVATE lw_options)
  lw_link(${name} PRIVATE ${ARG_LINK})
endfunction()

# A libFuzzer target (preset `fuzz`): tests/fuzz/NAME_fuzz.cc.
function(lw_fuzz name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name}_fuzz ${name}_fuzz.cc)
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name}_fuzz PRIVATE lw_options)
  lw_link(${name}_fuzz PRIVATE ${ARG_LINK})
endfunction()
