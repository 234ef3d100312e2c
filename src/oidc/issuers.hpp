// Asks the issuers: their documents, their keys, and whom a code stands for.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "http/client.hpp"
#include "jwt/jwt.hpp"
#include "net/loop.hpp"
#include "oidc/metadata.hpp"
#include "tls/tls.hpp"

namespace temps::oidc {

// A code that a browser has brought from its provider, and what it is redeemed with.
struct Redemption {
  std::string client_id;
  Secret client_secret;
  Secret code;
  Secret verifier;  // PKCE
  std::string redirect_uri;
  std::string nonce;
};

class Issuers {
 public:
  static constexpr std::chrono::seconds answer_time_max{10};
  // How long documents and keys are kept.
  static constexpr std::chrono::minutes kept{60};
  // Keys are asked for again when a token names an unknown one, but no more often than this: anyone
  // can make up names of keys.
  static constexpr std::chrono::minutes keys_pause{1};

  Issuers(net::Loop& loop, const Clock& clock, const Options& options)
      : loop_(loop), clock_(clock), options_(options) {}

  // Looks anew, at the keys, too, and keeps nothing. Fails with `bad_issuer` and `unreachable`,
  // saying what is wrong.
  Task<Metadata> discover(std::string issuer);
  // The same without the keys, and from what is kept.
  Task<Metadata> metadata(std::string issuer);
  // Redeems the code and checks the ID token. The e-mail address comes from there or, where that
  // has none, from the issuer's UserInfo. Fails with `unreachable`, `provider_failed`,
  // `not_proved`.
  Task<Person> redeem(Metadata metadata, Redemption redemption);
  void forget(const std::string& issuer) { kept_.erase(issuer); }

 private:
  struct Kept {
    Metadata metadata;
    Instant since;
    std::optional<jwt::KeySet> keys{};
    Instant keys_asked_at{};
  };
  Task<http::ClientResponse> ask(std::string url, http::ClientRequest request);
  Task<jwt::KeySet> fetch_keys(Metadata metadata);
  Task<jwt::KeySet> keys_for(Metadata metadata, const jwt::Token& token);
  Task<json::Value> redeem_code(Metadata metadata, Redemption redemption);
  Task<json::Value> claims_of(Metadata metadata, Redemption redemption, std::string id_token);
  Task<json::Value> user_info(Metadata metadata, std::string access_token);

  net::Loop& loop_;
  const Clock& clock_;
  const Options& options_;
  std::optional<tls::Trust> trust_{};
  std::map<std::string, Kept> kept_{};
};

}  // namespace temps::oidc
