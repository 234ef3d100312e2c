# What nearly every file includes is compiled once. It halves a clean build, and hides a forgotten #include: therefore
# only the builds that everybody waits for have it (release, test), and the others (dev, sanitizers, tidy) tell.
option(TEMPS_PRECOMPILED "compile common headers once" OFF)

if(TEMPS_PRECOMPILED)
  # The same bytes for the same headers, so that ccache finds what it has.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CMAKE_CXX_COMPILER_LAUNCHER})
  endif()
endif()

function(temps_precompile name)
  if(TEMPS_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM precompiled_product)
  endif()
endfunction()

# Tests are compiled quickly rather than to run quickly: what they test is not theirs. The sanitizers want -O1.
function(temps_test_program name)
  if(NOT TEMPS_SANITIZE)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  if(TEMPS_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM precompiled_tests)
  endif()
endfunction()

function(temps_precompiled name header)
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled/empty.cpp)
  target_include_directories(${name} PRIVATE ${CMAKE_BINARY_DIR}/include/core)
  target_link_libraries(${name} PRIVATE ${ARGN})
  target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled/${header})
endfunction()

if(TEMPS_PRECOMPILED)
  temps_precompiled(precompiled_product product.hpp)
  if(BUILD_TESTING)
    temps_precompiled(precompiled_tests tests.hpp GTest::gmock)
    target_compile_options(precompiled_tests PRIVATE -O0)
  endif()
endif()
