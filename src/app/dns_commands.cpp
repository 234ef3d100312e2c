#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Provider {
  std::string zone;
  std::string kind;
  std::string server;
  std::string key_name;
};
struct Providers {
  std::vector<Provider> items;
};
struct NewProvider {
  std::string zone;
  std::string kind;
  std::optional<std::string> server;
  std::optional<std::string> key_name;
  std::string key;
};

std::optional<std::string> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Result<Secret> read_key(const DnsOptions& options) {
  if (options.key_from_stdin) return secret_from_stdin();
  return ask_secret(options.kind == "cloudflare" ? "API token: "
                                                 : "Secret of the key, in base64: ");
}

Task<> add(net::Loop& loop, Common common, DnsOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto key = co_await read_key(options);
  const NewProvider wanted{.zone = options.zone,
                           .kind = options.kind,
                           .server = if_given(options.server),
                           .key_name = if_given(options.key_name),
                           .key = key.reveal()};
  auto text = co_await client.call("POST", "/api/v1/dns-providers", json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto added = co_await json::decode<Provider>(text);
  print(fmt::format("Added {}: its records are changed at {}.", added.zone, added.server));
}

Task<> list(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("GET", "/api/v1/dns-providers");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto all = co_await json::decode<Providers>(text);
  for (const auto& one : all.items) {
    print(fmt::format("{:<32} {:<11} {} {}", one.zone, one.kind, one.server, one.key_name));
  }
  if (all.items.empty()) {
    note("No providers yet. Add one with: temps dns add ZONE --server NAMESERVER --key-name NAME");
  }
}

Task<> remove(net::Loop& loop, Common common, std::string zone) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", "/api/v1/dns-providers/" + percent_encoded(zone));
  done(common.format, fmt::format("Removed {}.", zone));
}

}  // namespace

Result<> add_dns_provider(const Common& common, const DnsOptions& options) {
  net::Loop loop;
  return loop.run(add(loop, common, options));
}
Result<> list_dns_providers(const Common& common) {
  net::Loop loop;
  return loop.run(list(loop, common));
}
Result<> remove_dns_provider(const Common& common, const std::string& zone) {
  net::Loop loop;
  return loop.run(remove(loop, common, zone));
}

}  // namespace temps::app
