#include "certificates/accounts.hpp"

#include "certificates/order_queries.hpp"
#include "core/log.hpp"

namespace temps::certificates {

namespace {
std::string place(const std::string& directory_url) {
  return "certificate_accounts/" + directory_url;
}
}  // namespace

// Kept before it is used: an account whose key was lost could not be found again.
Task<acme::Key> Accounts::new_key() {
  auto key = acme::Key::generate();
  auto sealed = co_await vault_.seal(key.pem(), place(options_.directory_url));
  co_await database_.run(queries::put_account, options_.directory_url,
                         sql::Bytes{std::move(sealed)}, clock_.now());
  co_return key;
}

Task<acme::Account> Accounts::enroll(acme::Client& client, acme::Key key) {
  // Who adds a domain is told of the terms, and agrees by it (docs/domains.md).
  acme::NewAccount wanted{.emails = {}, .agrees_to_terms = true};
  if (!options_.email.empty()) wanted.emails.push_back(options_.email);
  if (!options_.external_key_id.empty()) {
    wanted.external = acme::ExternalAccount{.key_id = options_.external_key_id,
                                            .hmac_key = options_.external_hmac_key};
  }
  auto account = co_await client.create_account(std::move(key), std::move(wanted));
  co_await database_.run(queries::set_account_url, options_.directory_url, account.url);
  log::info("there is an account at the certificate authority",
            {{"authority", options_.directory_url}, {"account", account.url}});
  co_return account;
}

Task<acme::Account> Accounts::account(acme::Client& client) {
  auto held = co_await mutex_.lock();
  const auto kept = co_await database_.maybe(queries::account_of, options_.directory_url);
  if (!kept) co_return co_await enroll(client, co_await new_key());
  auto pem = vault_.open(kept->sealed_key.bytes, place(options_.directory_url));
  if (!pem && pem.error().is(vault::errors::other_key)) {
    log::warning("the key of the account at the certificate authority is lost; making another one",
                 {{"authority", options_.directory_url}, {"detail", pem.error().detail()}});
    co_return co_await enroll(client, co_await new_key());
  }
  auto key = co_await acme::Key::from_pem(co_await std::move(pem));
  if (kept->url.empty()) co_return co_await enroll(client, std::move(key));
  co_return acme::Account{.key = std::move(key), .url = kept->url};
}

Task<> Accounts::forget() {
  auto held = co_await mutex_.lock();
  co_await database_.run(queries::set_account_url, options_.directory_url, std::string{});
}

}  // namespace temps::certificates
