// Descriptors through a unix socket (SCM_RIGHTS).
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "files/owned_fd.hpp"

namespace temps::proxy {

// Sends them in their order, each group with an empty line; what follows in the stream says what
// they are. Does not wait. Fails with `proxy.not_reloaded`.
Result<> pass_sockets(int connection, std::span<const int> sockets);

// What came through a connection: text, and descriptors in their order.
struct Received {
  std::string text;
  std::vector<files::OwnedFd> sockets;
};
// Waits for more, as long as the socket's timeout says, and appends it. False at the end of the
// stream. Fails with `proxy.no_handover` when nothing comes, or more than `sockets_max`.
Result<bool> receive(int connection, Received& into, std::size_t sockets_max);

}  // namespace temps::proxy
