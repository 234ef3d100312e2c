# The console: web/ built by npm into build/web (setup/web), and compiled into a module. All presets share one build.
option(TEMPS_CONSOLE "build the console in web/ into the binary; needs Node and npm" ON)

# temps_embed_console(<module>): adds the built files to it.
function(temps_embed_console module)
  if(NOT TEMPS_CONSOLE)
    target_sources(${module} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/no_console/console_files.cpp)
    return()
  endif()
  set(source ${PROJECT_SOURCE_DIR}/build/web/console_files.cpp)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/web/src/* ${PROJECT_SOURCE_DIR}/web/public/* ${PROJECT_SOURCE_DIR}/web/bundle/*)
  list(FILTER sources EXCLUDE REGEX "/web/src/api/|\\.test\\.tsx?$")
  foreach(name index.html package.json package-lock.json paths.json tsconfig.json vite.config.ts)
    list(APPEND sources ${PROJECT_SOURCE_DIR}/web/${name})
  endforeach()
  add_custom_command(OUTPUT ${source}
    COMMAND ${PROJECT_SOURCE_DIR}/setup/web
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/docs/api/openapi.json ${PROJECT_SOURCE_DIR}/setup/web
    COMMENT "Building the console" VERBATIM)
  target_sources(${module} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES SKIP_LINTING ON)
endfunction()
