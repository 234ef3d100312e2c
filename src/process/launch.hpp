// From a Spec to a running process: everything between it and execve. Private to process.
#pragma once
#include <sys/types.h>

#include "files/owned_fd.hpp"
#include "process/process.hpp"

namespace temps::process {

struct Launched {
  pid_t pid = 0;
  files::OwnedFd pidfd;
  // Our ends of the pipes that the Spec asked for.
  files::OwnedFd in;
  files::OwnedFd out;
  files::OwnedFd err;
};

// Ends when the program runs or it is known why it does not. Fails with `process.not_found`,
// `core.system`.
Result<Launched> launch(const Spec& spec);

}  // namespace temps::process
