// The address of a git repository elsewhere, and which hosts may be asked. Private to the module.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/network.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::sources {

enum class Scheme : std::uint8_t { https, http, ssh };

struct RepositoryUrl {
  Scheme scheme = Scheme::https;
  std::string user{};      // ssh only
  std::string host{};      // a name or an address, without brackets
  std::uint16_t port = 0;  // 0: the scheme's own
  std::string path{};      // with a slash in front; without one behind "git@host:"
  bool is_short = false;   // "git@host:path"

  // Takes https://, ssh:// and "git@host:path", and http:// (whether that may be asked is decided
  // later). Everything else is refused, and so are credentials in the text and what a shell or git
  // could read as something else. Fails with `bad_url`.
  static Result<RepositoryUrl> parse(std::string_view text);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::uint16_t port_or_usual() const;
  // "https://git.example.com": whom a token is meant for.
  [[nodiscard]] std::string origin() const;
};

// The branch as git takes it, and nothing that it could take for more. Fails with `bad_branch`.
Result<> check_branch(std::string_view branch);

// Addresses that nobody reaches us with from outside: this machine's own, link-local ones (where
// clouds keep their secrets), and what is no host at all.
bool is_inner_address(const IpAddress& address, const std::vector<IpAddress>& own);
std::vector<IpAddress> own_addresses();

// Where the host is. Every address of it must be one that may be asked: none of this machine's own
// and link-local ones, but for those in `permitted`. Whoever connects has to use these and not to
// look the name up again. Fails with `refused_address`, `unreachable`.
Task<std::vector<IpAddress>> look_up(net::Loop& loop, std::string host, const Networks& permitted);
// Without encryption only this machine is asked; fails with `bad_url` for others.
Result<> check_encryption(const RepositoryUrl& url, const std::vector<IpAddress>& found);
Result<> check_addresses(const std::string& host, const std::vector<IpAddress>& found,
                         const Networks& permitted);

}  // namespace temps::sources
