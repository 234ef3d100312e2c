// A login by a provider, from the button to whoever came back: authorization code flow with PKCE.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/secret.hpp"
#include "core/task.hpp"
#include "oidc/flows.hpp"
#include "oidc/issuers.hpp"
#include "oidc/oidc.hpp"
#include "oidc/providers.hpp"

namespace temps::oidc {

struct Started {
  std::string url;  // where the browser has to go
  Secret browser;   // what it has to keep as a cookie until it is back
};
// What the browser was sent back with.
struct Answer {
  std::string provider;  // whose page it came back to
  Secret state;
  std::optional<Secret> code{};
  std::optional<std::string> error{};
  std::optional<std::string> issuer{};  // RFC 9207
};
struct Arrival {
  Provider provider;
  Person person;
  std::string return_path;
  std::optional<identity::UserId> linking;
};

class ProviderLogins {
 public:
  ProviderLogins(Providers& providers, Issuers& issuers, Flows& flows)
      : providers_(providers), issuers_(issuers), flows_(flows) {}

  // Fails with `no_such_provider`, `bad_return_path`, `too_many`, and as Issuers::metadata().
  Task<Started> begin(NewFlow wanted);
  // Fails with `login_over`, `other_browser`, `mixed_up`, `denied`, `provider_failed`, and as
  // Issuers::redeem().
  Task<Arrival> complete(Answer answer, std::vector<std::string> cookies);

 private:
  Providers& providers_;
  Issuers& issuers_;
  Flows& flows_;
};

}  // namespace temps::oidc
