#include "app/login_provider_commands.hpp"

#include "app/api_client.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Provider {
  std::string name;
  std::string label;
  std::string issuer;
  std::string unknown_people;
  std::string redirect_uri;
};
struct Providers {
  std::vector<Provider> items;
};
struct NewProvider {
  std::string name;
  std::string label;
  std::string issuer;
  std::string client_id;
  std::string client_secret;
  std::vector<std::string> email_domains;
  std::string unknown_people;
  bool links_by_email;
  bool trusted_second_factor;
};

Task<> add(net::Loop& loop, Common common, LoginProviderOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto secret =
      co_await (options.secret_from_stdin ? secret_from_stdin() : ask_secret("Client secret: "));
  const NewProvider wanted{.name = options.name,
                           .label = options.label.empty() ? options.name : options.label,
                           .issuer = options.issuer,
                           .client_id = options.client_id,
                           .client_secret = secret.reveal(),
                           .email_domains = options.email_domains,
                           .unknown_people = options.unknown_people,
                           .links_by_email = options.links_by_email,
                           .trusted_second_factor = options.trusted_second_factor};
  auto text = co_await client.call("POST", "/api/v1/login-providers", json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto added = co_await json::decode<Provider>(text);
  print(fmt::format("Added {}. The provider has to know this redirect URI: {}", added.name,
                    added.redirect_uri));
}

Task<> list(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("GET", "/api/v1/login-providers");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto all = co_await json::decode<Providers>(text);
  for (const auto& one : all.items) {
    print(
        fmt::format("{:<16} {:<20} {:<8} {}", one.name, one.label, one.unknown_people, one.issuer));
  }
  if (all.items.empty()) {
    note(
        "No login providers yet. Add one with: temps login-provider add NAME --issuer URL "
        "--client-id ID");
  }
}

Task<> remove(net::Loop& loop, Common common, std::string name) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", "/api/v1/login-providers/" + percent_encoded(name));
  done(common.format, fmt::format("Removed {}.", name));
}

}  // namespace

Result<> add_login_provider(const Common& common, const LoginProviderOptions& options) {
  net::Loop loop;
  return loop.run(add(loop, common, options));
}
Result<> list_login_providers(const Common& common) {
  net::Loop loop;
  return loop.run(list(loop, common));
}
Result<> remove_login_provider(const Common& common, const std::string& name) {
  net::Loop loop;
  return loop.run(remove(loop, common, name));
}

}  // namespace temps::app
