// What DNS says about a domain, in words that tell the user which record to create.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/dns.hpp"

namespace temps::domains {

enum class Dns : std::uint8_t {
  unknown,  // not looked up, or no answer, or the server does not know its own addresses
  missing,  // no record
  wrong,    // a record leads elsewhere
  right
};

struct Verdict {
  Dns state = Dns::unknown;
  std::vector<std::string> seen{};  // addresses
  std::string detail{};             // a sentence; says what to do where there is something to do
};

// `own`: the addresses under which visitors reach this server; empty where they are not known.
Verdict judge(std::string_view name, const net::DnsAnswer& answer,
              const std::vector<std::string>& own);

// The records that the name should have: "A shop.example.com -> 203.0.113.7".
std::vector<std::string> wanted_records(std::string_view name, const std::vector<std::string>& own);

// What to ask the name servers for: a wildcard has no record of its own to ask for, so a name below
// it is asked for.
std::string name_to_ask(std::string_view name);

}  // namespace temps::domains
