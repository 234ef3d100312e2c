// What an issuer says about itself (OpenID Connect Discovery 1.0).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "oidc/errors.hpp"
#include "oidc/oidc.hpp"

namespace temps::oidc {

inline constexpr std::size_t answer_bytes_max = 256UL << 10U;
inline constexpr std::size_t depth_max = 16;

struct Metadata {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  std::string userinfo_endpoint;  // may be empty
  bool secret_in_body = false;    // client_secret_post, where the issuer takes nothing better
  bool names_itself = false;      // its answers carry `iss` (RFC 9207)
};

// An address that may be asked: https, or http at this machine where the options say so. No user,
// no fragment. Fails with `bad_issuer`.
Result<> check_address(std::string_view url, const Options& options);
// The same without a query. Fails with `bad_issuer`.
Result<> check_issuer(std::string_view issuer, const Options& options);
// Where its document lies.
std::string discovery_url(std::string_view issuer);
// The document of `issuer`. Fails with `bad_issuer`, saying what does not fit.
Result<Metadata> read_metadata(std::string_view text, std::string_view issuer,
                               const Options& options);

}  // namespace temps::oidc
