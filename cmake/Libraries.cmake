# Third-party libraries, all from Debian 12. Static archives: the binary needs glibc only.
# Boost.Asio and Boost.JSON are used as headers and need no target.
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()

# static_library(<target> <archive>...): an imported target of the archives, in link order. Looks where Debian puts them
# and in build/deps, which setup/install fills.
function(static_library target)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  foreach(archive IN LISTS ARGN)
    find_library(${target}_${archive} NAMES lib${archive}.a HINTS ${PROJECT_SOURCE_DIR}/build/deps/postgresql)
    if(NOT ${target}_${archive})
      message(FATAL_ERROR "lib${archive}.a is missing (for ${target}). Install what the build needs: setup/install build")
    endif()
    target_link_libraries(${target} INTERFACE ${${target}_${archive}})
  endforeach()
endfunction()

static_library(zlib z)
static_library(zstd zstd)
static_library(argon2 argon2)
static_library(nghttp2 nghttp2)
static_library(brotli brotlienc brotlidec brotlicommon)

# Debian's libfmt-dev has the headers and a shared library only.
add_library(fmt_static STATIC cmake/fmt_static/fmt_static.cpp)
add_library(fmt::fmt ALIAS fmt_static)

# libpq, the parts of PostgreSQL it is made of, and a stub for Kerberos and LDAP (cmake/pg_stub/pg_stub.c).
add_library(pg_stub STATIC cmake/pg_stub/pg_stub.c)
static_library(postgresql_client pq pgcommon pgport)
find_path(POSTGRESQL_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
target_include_directories(postgresql_client SYSTEM INTERFACE ${POSTGRESQL_INCLUDE})
target_link_libraries(postgresql_client INTERFACE pg_stub OpenSSL::SSL OpenSSL::Crypto)
