// The providers that people may log in at, as admins have set them up.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "oidc/errors.hpp"
#include "oidc/issuers.hpp"
#include "oidc/oidc.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"

namespace temps::oidc {

struct NewProvider {
  std::string name;  // 1 to 40 of a-z, 0-9 and -
  std::string label;
  std::string issuer;
  std::string client_id;
  Secret client_secret;
  std::vector<std::string> email_domains{};
  UnknownPeople unknown_people = UnknownPeople::refused;
  bool links_by_email = false;
  bool trusted_second_factor = false;
};
// What is not given stays. Name, issuer and client are what links stand on, and never change.
struct ProviderChange {
  std::optional<std::string> label{};
  std::optional<Secret> client_secret{};
  std::optional<std::vector<std::string>> email_domains{};
  std::optional<UnknownPeople> unknown_people{};
  std::optional<bool> links_by_email{};
  std::optional<bool> trusted_second_factor{};
};

// Owns the table `oidc_providers`; the secrets are sealed.
class Providers {
 public:
  Providers(sql::Database& database, const Clock& clock, vault::Vault& vault, Issuers& issuers)
      : database_(database), clock_(clock), vault_(vault), issuers_(issuers) {}

  // Asks the issuer, so that what cannot work is not saved. Fails with `bad_provider` and a
  // FieldError for each field, `provider_taken`, and as Issuers::discover().
  Task<Provider> add(NewProvider wanted);
  Task<std::vector<Provider>> list();    // in order of the label
  Task<Provider> get(std::string name);  // Fails with `no_such_provider`.
  // Fails with `no_such_provider`, `bad_provider`.
  Task<Provider> change(std::string name, ProviderChange change);
  // Takes the links along: nobody is known by it any more. Fails with `no_such_provider`.
  Task<> remove(std::string name);
  Task<Secret> secret(Provider provider);

 private:
  sql::Database& database_;
  const Clock& clock_;
  vault::Vault& vault_;
  Issuers& issuers_;
};

}  // namespace temps::oidc
