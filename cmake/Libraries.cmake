# Third-party libraries, all from Debian 12. Static archives: the binary needs glibc only.
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()

# static_library(<target> <archive>...): an imported target of the archives, found where Debian puts them.
function(static_library target)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  foreach(archive IN LISTS ARGN)
    find_library(${target}_${archive} NAMES lib${archive}.a REQUIRED)
    target_link_libraries(${target} INTERFACE ${${target}_${archive}})
  endforeach()
endfunction()

static_library(zlib z)
static_library(zstd zstd)
static_library(argon2 argon2)
