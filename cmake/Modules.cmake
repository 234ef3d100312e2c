# module(<name> FLOOR <floor> [DEPENDS <module>...] [LINK <library>...] [TEST_DEPENDS <module>...])
#
# One module = one directory = one target. A module sees the headers of the modules it depends on and no others, and it
# may depend only on its own floor or a lower one. Third-party libraries enter on the core and platform floors only, and
# in the data plane. All of it fails when configuring, with a message that names both sides.
#
# Files by their ending:  x_test.cpp     hermetic unit tests        -> target <name>_test,    label unit
#                         x_db_test.cpp  need a private PostgreSQL  -> target <name>_db_test, label integration
#                         x_os_test.cpp  need git, Docker, root ... -> target <name>_os_test, label integration
#                         x_bench.cpp    benchmarks                 -> target <name>_bench,   label bench-smoke
# A benchmark that finds TEMPS_BENCH_SMOKE in its environment does one short round, so that it cannot rot.
# TEST_DEPENDS: what only the tests include, from any floor.
set(TEMPS_FLOORS core platform dataplane shared domain app)

function(module name)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "FLOOR" "DEPENDS;LINK;TEST_DEPENDS")
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "module ${name}: unknown words: ${M_UNPARSED_ARGUMENTS}")
  endif()
  list(FIND TEMPS_FLOORS "${M_FLOOR}" level)
  if(level EQUAL -1)
    message(FATAL_ERROR "module ${name}: unknown floor '${M_FLOOR}' (one of: ${TEMPS_FLOORS})")
  endif()
  if(M_LINK AND NOT M_FLOOR MATCHES "^(core|platform|dataplane)$")
    message(FATAL_ERROR "module ${name} (${M_FLOOR}): third-party libraries enter on the platform floor only: ${M_LINK}")
  endif()
  foreach(dep IN LISTS M_DEPENDS)
    if(NOT TARGET ${dep})
      message(FATAL_ERROR "module ${name}: '${dep}' is not defined yet; order src/CMakeLists.txt bottom-up, circles are not allowed")
    endif()
    get_target_property(dep_floor ${dep} FLOOR)
    list(FIND TEMPS_FLOORS "${dep_floor}" dep_level)
    if(dep_level GREATER level)
      message(FATAL_ERROR "module ${name} (${M_FLOOR}) must not depend on ${dep} (${dep_floor}): that floor is above it")
    endif()
    if(dep_floor STREQUAL "dataplane" AND NOT M_FLOOR STREQUAL "app")
      message(FATAL_ERROR "module ${name} (${M_FLOOR}) must not depend on ${dep}: the data plane is another process")
    endif()
  endforeach()

  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(units ${sources})
  list(FILTER units INCLUDE REGEX "_test\\.cpp$")
  set(databases ${units})
  list(FILTER databases INCLUDE REGEX "_db_test\\.cpp$")
  set(systems ${units})
  list(FILTER systems INCLUDE REGEX "_os_test\\.cpp$")
  list(FILTER units EXCLUDE REGEX "_(db|os)_test\\.cpp$")
  set(benches ${sources})
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cpp$")
  if(NOT sources)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
  endif()
  add_library(${name} STATIC ${sources})
  temps_precompile(${name})
  temps_watch_embeds(${name} "${sources}")
  set_target_properties(${name} PROPERTIES FLOOR ${M_FLOOR} DEPENDS_ON "${M_DEPENDS}")
  set_property(GLOBAL APPEND PROPERTY TEMPS_MODULES ${name})

  # The include root of a module contains that module only, so an undeclared #include does not compile.
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${name} SYMBOLIC)
  target_include_directories(${name} PUBLIC ${root})
  target_link_libraries(${name} PUBLIC ${M_DEPENDS} ${M_LINK})

  if(BUILD_TESTING)
    temps_module_test(${name} test unit 120 "${units}" "${M_TEST_DEPENDS}")
    temps_module_test(${name} db_test integration 600 "${databases}" "${M_TEST_DEPENDS}")
    temps_module_test(${name} os_test integration 900 "${systems}" "${M_TEST_DEPENDS}")
  endif()
  if(benches)
    add_executable(${name}_bench ${benches})
    target_link_libraries(${name}_bench PRIVATE ${name} ${M_TEST_DEPENDS})
    if(BUILD_TESTING)
      add_test(NAME ${name}_bench_smoke COMMAND ${name}_bench)
      set_tests_properties(${name}_bench_smoke PROPERTIES
        LABELS "bench-smoke;${name}" TIMEOUT 120 ENVIRONMENT TEMPS_BENCH_SMOKE=1)
    else()
      set_target_properties(${name}_bench PROPERTIES EXCLUDE_FROM_ALL TRUE)
    endif()
  endif()
endfunction()

function(temps_module_test name suffix label timeout sources depends)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_${suffix} ${sources})
  temps_test_program(${name}_${suffix})
  target_link_libraries(${name}_${suffix} PRIVATE ${name} ${depends} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name}_${suffix} COMMAND ${name}_${suffix})
  set_tests_properties(${name}_${suffix} PROPERTIES LABELS "${label};${name}" TIMEOUT ${timeout})
endfunction()

# ccache 4 does not know #embed: its direct mode would go on handing out objects with the old content of a changed file.
# Without that mode it hashes the preprocessed text, which has the content in it.
function(temps_watch_embeds name sources)
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    return()
  endif()
  foreach(source IN LISTS sources)
    file(STRINGS ${source} embeds REGEX "^#embed" LIMIT_COUNT 1)
    if(embeds)
      set_target_properties(${name} PROPERTIES
        CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_NODIRECT=1;${CMAKE_CXX_COMPILER_LAUNCHER}")
    endif()
  endforeach()
endfunction()
