// DNS: who keeps the records of the users' zones, and changes of TXT records there, which prove to
// certificate authorities that a name is ours.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"
#include "sql/database.hpp"
#include "tls/tls.hpp"
#include "vault/vault.hpp"

namespace temps::dns {

using ProviderId = Id<struct ProviderTag>;

enum class Kind : std::uint8_t {
  rfc2136,    // a name server of one's own: dynamic updates signed by TSIG (HMAC-SHA256)
  cloudflare  // its API, version 4
};

struct Provider {
  ProviderId id;
  std::string zone;  // "example.org"; it is asked for every name in it
  Kind kind = Kind::rfc2136;
  std::string server;    // "ns1.example.org:53"; of cloudflare: its API's address
  std::string key_name;  // of TSIG
  Instant created_at;
};

struct NewProvider {
  std::string zone;
  Kind kind = Kind::rfc2136;
  std::string server{};
  std::string key_name{};
  Secret key{};  // base64 for TSIG; a token of the API
};

struct TextRecord {
  std::string name;  // "_acme-challenge.example.org"
  std::string text;
};

// What a provider does for us. A record stands beside others of the same name.
class Records {
 public:
  virtual ~Records() = default;
  // Both fail with `refused`, `unreachable`, `bad_answer`. remove() is content where it is gone.
  virtual Task<> put(TextRecord record) = 0;
  virtual Task<> remove(TextRecord record) = 0;
};

// Owns the table `dns_providers`; their keys are sealed.
class Dns {
 public:
  Dns(net::Loop& loop, sql::Database& database, vault::Vault& vault, const Clock& clock)
      : loop_(loop), database_(database), vault_(vault), clock_(clock) {}

  // Fails with `bad_provider`, `zone_taken`.
  Task<Provider> add(NewProvider provider);
  Task<std::vector<Provider>> list();
  Task<> remove(std::string zone);  // Fails with `no_such_provider`.

  // Is the name in the zone of a provider?
  Task<bool> has_provider(std::string name);
  // The provider of the longest zone that the name is in; nothing where there is none. Fails with
  // `vault.other_key`.
  Task<std::unique_ptr<Records>> records_for(std::string name);

 private:
  net::Loop& loop_;
  sql::Database& database_;
  vault::Vault& vault_;
  const Clock& clock_;
};

}  // namespace temps::dns
