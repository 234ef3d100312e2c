// The words of the command line.
#pragma once
#include <string>
#include <vector>

namespace temps::app {

// `words` without the program's name; `program` is the path of our own executable. Yields the exit
// code: 0 done, 1 failed, 2 wrong words, 3 a deployment that did not go live, 4 not logged in.
int run_cli(const std::string& program, std::vector<std::string> words);

}  // namespace temps::app
