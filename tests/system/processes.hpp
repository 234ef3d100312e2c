// What runs on this machine, read from /proc: who belongs to whom, and who lives in a folder.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace temps::e2e {

struct Process {
  int pid = 0;
  int parent = 0;
  std::string command;  // words with blanks between them
};

std::vector<Process> processes();
// All below `pid`, children before grandchildren.
std::vector<Process> descendants(int pid);
// The descendant of `pid` whose command contains `words`, or 0.
int descendant(int pid, std::string_view words);
// Those whose command, working folder or environment names `folder`, in whatever session.
std::vector<Process> processes_in(std::string_view folder);
bool is_running(int pid);

}  // namespace temps::e2e
