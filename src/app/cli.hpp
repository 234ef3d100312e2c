// The words of the command line.
#pragma once
#include <string>
#include <vector>

namespace temps::app {

struct Program {
  std::string path;        // of our own executable, symbolic links resolved
  std::string started_as;  // the path that it was started by: another file after an update, perhaps
};

// Of argv[0], made absolute, looked up in PATH where it has no slash; else `path`.
std::string started_as(const std::string& name, const std::string& path);

// `words` without the program's name. Yields the exit code: 0 done, 1 failed, 2 wrong words, 3 a
// deployment that did not go live, 4 not logged in.
int run_cli(const Program& program, std::vector<std::string> words);

}  // namespace temps::app
