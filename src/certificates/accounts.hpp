// The account at each authority: made when the first certificate is ordered there.
#pragma once
#include "acme/acme.hpp"
#include "certificates/options.hpp"
#include "core/concurrency.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"

namespace temps::certificates {

// Owns the table `certificate_accounts`, one row for each directory URL; its key is sealed.
class Accounts {
 public:
  Accounts(sql::Database& database, vault::Vault& vault, const AuthorityOptions& options,
           const Clock& clock)
      : database_(database), vault_(vault), options_(options), clock_(clock) {}

  // The account at the authority of the settings. Fails with what acme::Client::create_account
  // fails with.
  Task<acme::Account> account(acme::Client& client);
  // The authority knows it no more: it is registered again at the next need, with the same key.
  Task<> forget();

 private:
  Task<acme::Key> new_key();
  Task<acme::Account> enroll(acme::Client& client, acme::Key key);

  sql::Database& database_;
  vault::Vault& vault_;
  const AuthorityOptions& options_;
  const Clock& clock_;
  Mutex mutex_;  // two first orders make one account
};

}  // namespace temps::certificates
