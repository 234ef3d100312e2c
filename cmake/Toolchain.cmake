# Warnings, sanitizers and link flags that every target shares.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
  -Wno-c23-extensions  # #embed
  -Wno-missing-designated-field-initializers  # fields left out have defaults
  -fno-omit-frame-pointer)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_link_options(-fuse-ld=lld)

set(TEMPS_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=")
if(TEMPS_SANITIZE)
  add_compile_options(-fsanitize=${TEMPS_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TEMPS_SANITIZE})
else()
  # Everything but glibc is linked statically, so that one file runs on any Debian 12.
  add_link_options(-static-libstdc++ -static-libgcc)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Unused functions go, and what an attacker could use of a memory error is made harder.
  add_compile_options(-ffunction-sections -fdata-sections
    -fstack-protector-strong -fstack-clash-protection -fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-Wl,--gc-sections -Wl,-z,relro -Wl,-z,now)
endif()
