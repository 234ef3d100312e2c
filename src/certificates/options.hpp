#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/secret.hpp"

namespace temps::certificates {

// Where certificates are ordered.
struct AuthorityOptions {
  std::string directory_url = "https://acme-v02.api.letsencrypt.org/directory";
  std::string email{};  // for the authority's warnings; may be empty
  // Of the account that the user has made at an authority that wants one.
  std::string external_key_id{};
  Secret external_hmac_key{};
  std::filesystem::path ca_file{};  // trusted besides the system's; may be empty
  // Does the proxy listen for https? Nothing is ordered without.
  bool has_tls_listener = false;
};

enum class Wildcard : std::uint8_t {
  auto_,  // one certificate for all apps where a DNS provider keeps the zone, else one for each
  always
};

// The platform's own names, which get certificates, too.
struct OwnOptions {
  std::string console{};  // the host of the public URL
  std::string base{};     // apps answer one level below
  bool is_https = false;  // that is how users are told to reach them
  Wildcard wildcard = Wildcard::auto_;
};

struct Options {
  std::filesystem::path folder;              // of the certificates' files for the data plane
  std::filesystem::path challenge_folder{};  // of what it shows to authorities
  AuthorityOptions authority{};
  OwnOptions own{};
};

}  // namespace temps::certificates
