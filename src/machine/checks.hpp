// Is this machine fit to run Temps? What is found, what it means, and what to do about it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "files/files.hpp"
#include "machine/meters.hpp"
#include "net/dns.hpp"

namespace temps::machine {

enum class Verdict : std::uint8_t {
  ok,
  note,     // works, and could be better
  warning,  // works, and something will go wrong some day
  failed    // something does not work
};

// One thing that was looked at.
struct Check {
  std::string name;  // "engine", "postgresql", "disk", "memory", "proxy", "ports", "address", "git"
  std::string title;
  Verdict verdict = Verdict::ok;
  std::string detail;
  std::string fix{};  // empty where there is nothing to do
};

Check check_engine(std::string_view runtime, std::string_view caveat,
                   const std::optional<Error>& trouble);
Check check_postgresql(int version);  // as the server writes it: 150004
Check check_disk(const files::Path& folder, const files::Space& space);
Check check_memory(const Memory& memory);
Check check_proxy(const std::optional<Error>& trouble);

// Whether something takes connections at the ports that visitors use.
struct Ports {
  std::uint16_t public_port = 0;  // of the console's address
  bool public_port_answers = false;
  bool https_answers = false;
};
Check check_ports(const Ports& ports);

// A name that DNS knows nothing of: localhost, an address.
bool is_local_host(std::string_view host);

// Does the console's name lead here? The answer is not looked at for a local one.
struct AddressSeen {
  std::string host;
  net::DnsAnswer answer{};
  std::vector<std::string> own{};  // the machine's public addresses; none behind a router
};
Check check_address(const AddressSeen& seen);
Check check_git(bool found);

}  // namespace temps::machine
