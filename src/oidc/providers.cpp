#include "oidc/providers.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "oidc/queries.hpp"

namespace temps::oidc {

namespace {

constexpr std::size_t name_bytes_max = 40;
constexpr std::size_t label_bytes_max = 60;
constexpr std::size_t client_bytes_max = 500;
constexpr std::size_t domains_max = 100;
constexpr std::size_t domain_bytes_max = 253;

std::string place(std::string_view name) { return fmt::format("oidc_providers/{}", name); }

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max && !name.starts_with('-') &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
}
bool is_printable(std::string_view text, std::size_t bytes_max) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !text.empty() && text.size() <= bytes_max && is_utf8(text) &&
         std::ranges::none_of(text, is_control);
}
bool is_domain(std::string_view domain) {
  return domain.size() <= domain_bytes_max && domain.find('.') != domain.npos &&
         !domain.starts_with('.') && !domain.ends_with('.') &&
         domain.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == domain.npos;
}

void tidy(NewProvider& provider) {
  provider.label = std::string(trimmed(provider.label));
  provider.issuer = std::string(trimmed(provider.issuer));
  provider.client_id = std::string(trimmed(provider.client_id));
  provider.client_secret = Secret(std::string(trimmed(provider.client_secret.reveal())));
  for (auto& domain : provider.email_domains) {
    domain = lowered(trimmed(domain));
    if (domain.starts_with('@')) domain.erase(0, 1);
  }
}

Result<> check(const NewProvider& provider) {
  std::vector<FieldError> wrong;
  if (!is_name(provider.name)) {
    wrong.push_back({"/name", "has 1 to 40 of a to z, 0 to 9 and -, such as google"});
  }
  if (!is_printable(provider.label, label_bytes_max)) {
    wrong.push_back({"/label", "has 1 to 60 characters"});
  }
  if (!is_printable(provider.client_id, client_bytes_max)) {
    wrong.push_back({"/client_id", "is what the provider shows beside the client secret"});
  }
  if (!is_printable(provider.client_secret.reveal(), client_bytes_max)) {
    wrong.push_back({"/client_secret", "is needed; the provider shows it when the client is made"});
  }
  if (provider.email_domains.size() > domains_max ||
      !std::ranges::all_of(provider.email_domains, is_domain)) {
    wrong.push_back({"/email_domains", "are names such as example.org"});
  }
  // An address anywhere is whatever somebody has told the provider.
  if (provider.links_by_email && provider.email_domains.empty()) {
    wrong.push_back({"/links_by_email", "needs the e-mail domains that this provider speaks for"});
  }
  if (wrong.empty()) return {};
  return fail(Error(errors::bad_provider, "the login provider cannot be saved like this",
                    std::move(wrong)));
}

std::unexpected<Error> no_such_provider(std::string_view name) {
  return fail(errors::no_such_provider, "there is no login provider \"{}\"",
              to_utf8(name.substr(0, name_bytes_max)));
}

}  // namespace

Task<Provider> Providers::add(NewProvider wanted) {
  tidy(wanted);
  co_await check(wanted);
  co_await issuers_.discover(wanted.issuer);
  auto sealed = co_await vault_.seal(wanted.client_secret, place(wanted.name));
  auto work = [&](sql::Transaction& transaction) -> Task<std::optional<Provider>> {
    co_await transaction.run(queries::lock_providers);
    if (co_await transaction.one(queries::count_providers) >=
        static_cast<std::int64_t>(providers_max)) {
      co_await fail(errors::bad_provider, "there are {} login providers; remove one",
                    providers_max);
    }
    co_return co_await transaction.maybe(
        queries::insert_provider, wanted.name, wanted.label, wanted.issuer, wanted.client_id,
        sql::Bytes{sealed}, wanted.email_domains, wanted.unknown_people, wanted.links_by_email,
        wanted.trusted_second_factor, clock_.now());
  };
  auto made = co_await database_.transact<std::optional<Provider>>(work);
  if (!made) {
    co_await fail(errors::provider_taken,
                  "a login provider with this name or issuer is there already; remove it first");
  }
  co_return std::move(*made);
}

Task<std::vector<Provider>> Providers::list() {
  co_return co_await database_.all(queries::all_providers);
}

Task<Provider> Providers::get(std::string name) {
  auto found = co_await database_.maybe(queries::provider_by_name, name);
  if (!found) co_await no_such_provider(name);
  co_return std::move(*found);
}

Task<Provider> Providers::change(std::string name, ProviderChange change) {
  const auto before = co_await get(name);
  NewProvider wanted{
      .name = before.name,
      .label = change.label.value_or(before.label),
      .issuer = before.issuer,
      .client_id = before.client_id,
      .client_secret = change.client_secret.value_or(Secret("kept")),
      .email_domains = change.email_domains.value_or(before.email_domains),
      .unknown_people = change.unknown_people.value_or(before.unknown_people),
      .links_by_email = change.links_by_email.value_or(before.links_by_email),
      .trusted_second_factor = change.trusted_second_factor.value_or(before.trusted_second_factor)};
  tidy(wanted);
  co_await check(wanted);
  std::optional<sql::Bytes> sealed;
  if (change.client_secret) {
    sealed = sql::Bytes{co_await vault_.seal(wanted.client_secret, place(wanted.name))};
  }
  auto changed = co_await database_.maybe(
      queries::change_provider, before.id, wanted.label, std::move(sealed), wanted.email_domains,
      wanted.unknown_people, wanted.links_by_email, wanted.trusted_second_factor);
  if (!changed) co_await no_such_provider(name);
  co_return std::move(*changed);
}

Task<> Providers::remove(std::string name) {
  const auto provider = co_await get(name);
  if (co_await database_.run(queries::delete_provider, provider.id) == 0) {
    co_await no_such_provider(name);
  }
  issuers_.forget(provider.issuer);
}

Task<Secret> Providers::secret(Provider provider) {
  const auto sealed = co_await database_.maybe(queries::secret_of, provider.id);
  if (!sealed) co_await no_such_provider(provider.name);
  co_return co_await vault_.open(sealed->bytes, place(provider.name));
}

}  // namespace temps::oidc
