// What the name servers of this machine say about a name, and which addresses the machine has.
// /etc/hosts has no say here: what counts is what visitors are told.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/concurrency.hpp"
#include "core/result.hpp"
#include "net/loop.hpp"

namespace temps::net {

enum class DnsOutcome : std::uint8_t {
  found,    // there are addresses
  missing,  // there is no such name, or it has no addresses
  no_answer
};

struct DnsAnswer {
  DnsOutcome outcome = DnsOutcome::no_answer;
  std::vector<std::string> addresses{};  // canonical; IPv4 before IPv6
  std::string alias{};  // the name that a CNAME leads to in the end, if there is one
};

// Asks by the C library's resolver on a pool thread, one name at a time, so that a silent name
// server never takes all of the pool.
class Resolver {
 public:
  // `server`: "127.0.0.1:5353" instead of those in /etc/resolv.conf; for tests.
  explicit Resolver(Loop& loop, std::string server = {})
      : loop_(loop), server_(std::move(server)) {}

  // A and AAAA records. A name server that is silent costs 3 s at most.
  Task<DnsAnswer> addresses(std::string name);
  // TXT records, each as one text; none where there are none, or no answer.
  Task<std::vector<std::string>> texts(std::string name);

 private:
  Loop& loop_;
  std::string server_;
  Mutex mutex_;
};

// The records of one DNS message (RFC 1035 §4) that say where a name is or what it says. Fails with
// `net.bad_answer`.
struct DnsRecords {
  std::vector<std::string> addresses{};
  std::string alias{};
  std::vector<std::string> texts{};
};
Result<DnsRecords> parse_dns_message(std::string_view message);

// The one way to write an IP address: "203.0.113.7", "2001:db8::1". Nothing for what is no address.
std::optional<std::string> canonical_address(std::string_view text);
// Can the whole internet send packets to it? Not so for private, loopback and link-local addresses.
// Takes canonical ones.
bool is_public_address(std::string_view address);

// The addresses from which packets to the internet leave this machine, those that are public only:
// behind a router there are none. Nothing is sent to find out.
std::vector<std::string> default_route_addresses();

}  // namespace temps::net
