// Logins that have left for their provider. In memory: whoever is away while the server starts anew
// begins again.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "identity/identity.hpp"
#include "oidc/errors.hpp"
#include "oidc/oidc.hpp"

namespace temps::oidc {

struct NewFlow {
  std::string provider;                       // its name
  std::string redirect_uri;                   // where the provider sends the browser back to
  std::string return_path;                    // where the console leads then
  std::optional<identity::UserId> linking{};  // of whom it is to become a login
  std::string address;                        // of the client, for the limits
};
struct Flow {
  NewFlow wanted;
  std::string nonce;
  Secret verifier;      // PKCE (RFC 7636)
  std::string browser;  // SHA-256 of what the browser's cookie has to be
  Instant expires_at;
};
// What goes to the provider, and what stays in the browser.
struct Departure {
  Secret state;
  Secret browser;
  std::string nonce;
  std::string challenge;
};

class Flows {
 public:
  static constexpr std::chrono::minutes lifetime{10};
  static constexpr std::size_t waiting_max = 1000;
  // Offices have one address for many people.
  static constexpr std::size_t waiting_of_network_max = 50;

  explicit Flows(const Clock& clock) : clock_(clock) {}

  // Fails with `too_many`, `bad_return_path`.
  Result<Departure> begin(NewFlow wanted);
  // Once, whatever comes of it: whoever knows the state uses it up. `cookies` are those that the
  // browser has. Fails with `login_over`, `other_browser`.
  Result<Flow> take(const Secret& state, const std::vector<std::string>& cookies);

 private:
  const Clock& clock_;
  std::unordered_map<std::string, Flow> flows_{};  // by the state's hash
};

// A path of this very console: no host, no scheme, nothing that a browser reads as one.
bool is_own_path(std::string_view path);

}  // namespace temps::oidc
