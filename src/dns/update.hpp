// Dynamic updates of a zone (RFC 2136), signed by TSIG (RFC 8945): the messages, without I/O.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "dns/dns.hpp"

namespace temps::dns {

// "example.org" in the form of messages: lengths and labels. Fails with `bad_provider` for a label
// that is empty or longer than 63 bytes, and for a name of more than 255.
Result<std::string> wire_name(std::string_view name);

struct Key {
  std::string name;
  Secret secret;  // raw bytes, for HMAC-SHA256
};

enum class Change : std::uint8_t { add, remove };

struct Update {
  std::uint16_t id = 0;
  std::string zone;
  TextRecord record;
  Change change = Change::add;
};

struct Signed {
  std::string message;
  std::string mac;  // which the answer's is made from
};
// Fails with `bad_provider` for names that cannot be.
Result<Signed> signed_update(const Update& update, const Key& key, Instant now);

// Was the update carried out, by who has the key? Fails with `refused` and `bad_answer`.
Result<> check_answer(std::string_view answer, const Update& update, const Key& key,
                      std::string_view request_mac);

}  // namespace temps::dns
