// What ACME is about: accounts, orders, proofs of control, certificates.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "acme/key.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace temps::acme {

// What a certificate authority says about itself.
struct Directory {
  std::string new_nonce, new_account, new_order, revoke;
  std::string renewal_info;      // empty where it does not offer it (RFC 9773)
  std::string terms_of_service;  // an address to show to the user; empty for none
  std::string website;
  bool external_account_required = false;
};

// An account that the user has made with the authority, to bind ours to.
struct ExternalAccount {
  std::string key_id;
  Secret hmac_key;  // base64 as the authority shows it
};

struct NewAccount {
  std::vector<std::string> emails;  // for warnings of the authority; may be empty
  // The user has read Directory::terms_of_service and agrees.
  bool agrees_to_terms = false;
  std::optional<ExternalAccount> external{};
};

struct Account {
  Key key;
  std::string url;  // names it in every request; keep it beside the key
};

enum class ChallengeKind : std::uint8_t { http_01, tls_alpn_01, dns_01 };
std::string_view text_of(ChallengeKind kind);

// As the authority words them (RFC 8555 7.1.6); `unknown` for what it may invent.
enum class Status : std::uint8_t {
  unknown,
  pending,
  processing,
  ready,
  valid,
  invalid,
  deactivated,
  expired,
  revoked
};

struct Challenge {
  ChallengeKind kind;
  std::string url;
  std::string token;
  Status status = Status::pending;
  std::optional<Error> error{};  // why it is invalid
};

// One name, and the ways to prove control of it that we know, in the authority's order.
struct Authorization {
  std::string url;
  std::string domain;  // without "*."
  bool wildcard = false;
  Status status = Status::pending;
  std::vector<Challenge> challenges;
};

struct Order {
  std::string url;
  Status status = Status::pending;
  std::vector<std::string> names;
  std::vector<std::string> authorizations;  // their URLs
  std::string finalize;
  std::string certificate;  // its URL once the status is valid
  std::optional<Error> error{};
};

// What proves control of one name; what to do with it depends on its kind.
struct Answer {
  ChallengeKind kind;
  std::string domain;  // without "*."
  bool wildcard = false;
  // http-01: the body at http://<domain>/.well-known/acme-challenge/<token>, port 80.
  std::string token;
  std::string key_authorization;
  // dns-01: a TXT record. example.org and *.example.org need one each under the same name at the
  // same time, so add it to what is there.
  std::string record_name;  // "_acme-challenge.<domain>"
  std::string record_value;
  // tls-alpn-01: what port 443 presents to a client that offers "acme-tls/1" and asks for <domain>.
  std::string certificate_pem;
  Secret key_pem;
};

struct IssuedCertificate {
  std::string chain_pem;  // the certificate first, then what chains it up
  Secret key_pem;
  std::vector<std::string> names;
  Instant not_before{}, not_after{};
  std::string issuer;
  std::string renewal_id;  // RFC 9773's certID, for renewal_window() and Wanted::replaces
};

// When the authority wants a certificate to be renewed (RFC 9773): choose a moment between the two
// at random; at once when it has passed.
struct RenewalWindow {
  Instant start{}, end{};
  std::string explanation_url;          // to show to the user; may be empty
  std::chrono::seconds ask_again_in{};  // never before
};

}  // namespace temps::acme
