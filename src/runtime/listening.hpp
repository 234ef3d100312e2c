// Which TCP ports a workload listens on, as the kernel sees it.
#pragma once
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace temps::runtime {

struct ListeningSocket {
  std::uint16_t port = 0;
  std::uint64_t inode = 0;
  bool is_loopback = false;

  bool operator==(const ListeningSocket&) const = default;
};

// The listening sockets in the text of /proc/…/net/tcp or tcp6. Lines of any other form are left
// out, and so is the address on which the container engine's own name server listens.
std::vector<ListeningSocket> parse_listening(std::string_view table);

// All listening sockets of the network that `pid` is in. Empty when it cannot be read.
std::vector<ListeningSocket> listening_around(int pid);
// Those that one of `pids` holds open.
std::vector<ListeningSocket> listening_of(const std::vector<int>& pids);

// In ascending order, each once.
std::vector<std::uint16_t> ports_of(const std::vector<ListeningSocket>& sockets);

}  // namespace temps::runtime
