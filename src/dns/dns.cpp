#include "dns/dns.hpp"

#include "core/text.hpp"
#include "dns/errors.hpp"
#include "dns/providers.hpp"
#include "dns/queries.hpp"
#include "net/socket.hpp"

namespace temps::dns {

namespace {

constexpr std::size_t key_bytes_max = 1024;

std::string place(const std::string& zone) { return "dns_providers/" + zone; }

std::string without_dot(std::string_view name) {
  auto text = lowered(trimmed(name));
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// The name and all that it is below.
std::vector<std::string> zones_of(std::string name) {
  std::vector<std::string> zones;
  for (std::size_t dot = 0; !name.empty();) {
    zones.push_back(name);
    dot = name.find('.');
    name = dot == std::string::npos ? std::string{} : name.substr(dot + 1);
  }
  return zones;
}

Result<> check_update(NewProvider& wanted) {
  if (!net::parse_address(wanted.server)) wanted.server += ":53";
  const auto address = net::parse_address(wanted.server);
  if (!address || address->is_unix()) {
    return fail(errors::bad_provider,
                "name the primary name server of the zone: --server ns1.example.org");
  }
  if (!wire_name(wanted.key_name)) {
    return fail(errors::bad_provider, "name the key as the name server does: --key-name temps");
  }
  const auto raw = from_base64(trimmed(wanted.key.reveal()));
  if (!raw || raw->empty()) {
    return fail(errors::bad_provider,
                "the key is the secret in base64, as in the name server's configuration "
                "(hmac-sha256)");
  }
  return {};
}

Result<> check_cloudflare(NewProvider& wanted) {
  if (wanted.server.empty()) wanted.server = Cloudflare::usual_server;
  if (!http::parse_url(wanted.server)) {
    return fail(errors::bad_provider, "\"{}\" is not an address of an API", wanted.server);
  }
  const auto& token = wanted.key.reveal();
  if (token.empty() || token.find_first_of(" \r\n\t") != std::string::npos) {
    return fail(errors::bad_provider, "the key is a token with the permission Zone:DNS:Edit");
  }
  return {};
}

}  // namespace

Task<Provider> Dns::add(NewProvider wanted) {
  wanted.zone = without_dot(wanted.zone);
  wanted.key = Secret(std::string(trimmed(wanted.key.reveal())));
  co_await wire_name(wanted.zone);
  if (wanted.key.reveal().size() > key_bytes_max) {
    co_await fail(errors::bad_provider, "the key is too long");
  }
  co_await (wanted.kind == Kind::rfc2136 ? check_update(wanted) : check_cloudflare(wanted));
  auto sealed = co_await vault_.seal(wanted.key, place(wanted.zone));
  auto made =
      co_await database_.maybe(queries::insert_provider, wanted.zone, wanted.kind, wanted.server,
                               wanted.key_name, sql::Bytes{std::move(sealed)}, clock_.now());
  if (!made) {
    co_await fail(errors::zone_taken,
                  "the zone {0} has a provider already; remove it first: temps dns remove {0}",
                  wanted.zone);
  }
  co_return std::move(*made);
}

Task<std::vector<Provider>> Dns::list() {
  co_return co_await database_.all(queries::all_providers);
}

Task<> Dns::remove(std::string zone) {
  const auto name = without_dot(zone);
  if (co_await database_.run(queries::delete_provider, name) > 0) co_return;
  co_await fail(errors::no_such_provider, "no provider is known for the zone {}: temps dns list",
                name);
}

Task<bool> Dns::has_provider(std::string name) {
  const auto found = co_await database_.maybe(queries::longest_of, zones_of(without_dot(name)));
  co_return found.has_value();
}

Task<std::unique_ptr<Records>> Dns::records_for(std::string name) {
  auto provider = co_await database_.maybe(queries::longest_of, zones_of(without_dot(name)));
  if (!provider) co_return nullptr;
  const auto sealed = co_await database_.one(queries::key_of, provider->id);
  auto key = co_await vault_.open(sealed.bytes, place(provider->zone));
  if (provider->kind == Kind::cloudflare) {
    co_return std::make_unique<Cloudflare>(loop_, std::move(*provider), std::move(key));
  }
  Key used{.name = provider->key_name, .secret = Secret(from_base64(key.reveal()).value_or(""))};
  co_return std::make_unique<UpdatedServer>(loop_, clock_, std::move(*provider), std::move(used));
}

}  // namespace temps::dns
