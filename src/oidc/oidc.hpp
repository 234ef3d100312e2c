// OpenID Connect: people log in where they have an account already. This holds what everything in
// the module speaks of.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/secret.hpp"

namespace temps::oidc {

using ProviderId = Id<struct ProviderTag>;
using LinkId = Id<struct LinkTag>;

// What happens to people whom nobody here knows, once their e-mail address is proved.
enum class UnknownPeople : std::uint8_t {
  refused,
  invited,  // whoever has an invitation gets the account that it is for
  guests,   // everybody gets an account, as guest
};

struct Provider {
  ProviderId id;
  std::string name;    // in addresses; never changes
  std::string label;   // on the button
  std::string issuer;  // never changes
  std::string client_id;
  std::vector<std::string> email_domains;  // that are admitted; none: all
  UnknownPeople unknown_people = UnknownPeople::refused;
  // Accounts below admin are linked at the first login with their e-mail address.
  bool links_by_email = false;
  bool trusted_second_factor = false;  // no code is asked for after a login there
  Instant created_at;
};

// Who somebody is by the word of a provider.
struct Person {
  std::string subject;
  std::string email;  // lower case; empty where the provider tells none
  bool email_verified = false;
};

struct Options {
  // Issuers at http:// are accepted where their host is this machine.
  bool loopback_http = false;
  std::filesystem::path ca_file{};  // trusted besides the system's; may be empty
};

inline constexpr std::size_t providers_max = 20;

}  // namespace temps::oidc
