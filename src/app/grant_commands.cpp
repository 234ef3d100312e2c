// temps access, token, service-account.
#include "app/access_commands.hpp"
#include "app/api_client.hpp"
#include "app/errors.hpp"
#include "app/expiry.hpp"
#include "app/found.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

constexpr std::string_view team_mark = "team:";

template <class T>
struct Page {
  std::vector<T> items;
};
struct Grant {
  std::int64_t id;
  std::optional<std::int64_t> team;
  std::string name;
  std::string role;
};
struct GrantBody {
  std::optional<std::string> email;
  std::optional<std::string> team;
  std::string role;
};
struct Token {
  std::int64_t id;
  std::string name;
  std::optional<std::string> environment;
  std::string maker;
  std::string created_at;
  std::optional<std::string> expires_at;
  std::optional<std::string> last_used_at;
};
struct TokenBody {
  std::string name;
  std::optional<std::string> environment;
  std::optional<std::string> expires_at;
};
struct NewToken {
  Token deployment_token;
  std::string token;
};
struct Service {
  std::int64_t id;
  std::string name;
  std::string role;
};
struct ServiceBody {
  std::string name;
  std::string role;
};
struct KeyBody {
  std::string name;
  std::optional<std::string> expires_at;
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::string> project;
  std::optional<std::string> environment;
};
struct NewKey {
  std::string token;
};

std::string path_of(const std::string& project, std::string_view rest) {
  return fmt::format("/api/v1/projects/{}{}", percent_encoded(project), rest);
}
std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}
std::string shown_name(const Grant& grant) {
  return grant.team ? std::string(team_mark) + grant.name : grant.name;
}

Task<> grants(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path_of(options.project, "/grants"));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  for (const auto& grant : (co_await json::decode<Page<Grant>>(text)).items) {
    print(fmt::format("{:<40} {}", shown_name(grant), grant.role));
  }
  note("Besides, everyone has the role of their account on every project: temps user list");
}

Task<> put_grant(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  GrantBody wanted{.email = {}, .team = {}, .role = options.role};
  if (options.who.starts_with(team_mark)) {
    wanted.team = options.who.substr(team_mark.size());
  } else {
    wanted.email = options.who;
  }
  const auto text =
      co_await client.call("PUT", path_of(options.project, "/grants"), json::encode(wanted));
  print(common.format == Format::json
            ? text
            : fmt::format("{} is {} on {} now.", options.who, options.role, options.project));
}

Task<> take_grant(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto page = co_await client.get<Page<Grant>>(path_of(options.project, "/grants"));
  for (const auto& grant : page.items) {
    if (!equal_ignoring_case(shown_name(grant), options.who)) continue;
    co_await client.call("DELETE", path_of(options.project, fmt::format("/grants/{}", grant.id)));
    print(fmt::format("{} has no role of its own on {} any more.", options.who, options.project));
    co_return;
  }
  co_await fail(errors::not_there, "{} has no role of its own on {}; see: temps access list {}",
                options.who, options.project, options.project);
}

Task<> make_token(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  TokenBody wanted{.name = options.name.empty() ? "deployments" : options.name,
                   .environment = given(options.environment),
                   .expires_at = co_await expiry(options.expires)};
  const auto text =
      co_await client.call("POST", path_of(options.project, "/tokens"), json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto made = co_await json::decode<NewToken>(text);
  note(fmt::format("Made the deployment token {} for {}. It is shown this once:",
                   made.deployment_token.id, options.project));
  print(made.token);
}

Task<> tokens(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path_of(options.project, "/tokens"));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  for (const auto& token : (co_await json::decode<Page<Token>>(text)).items) {
    print(fmt::format("{:<5} {:<24} {:<12} made {} by {}  used {}  {}", token.id, token.name,
                      token.environment.value_or("all"), token.created_at.substr(0, 10),
                      token.maker, token.last_used_at ? token.last_used_at->substr(0, 10) : "never",
                      token.expires_at ? "until " + token.expires_at->substr(0, 16) : ""));
  }
}

Task<> drop_token(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE",
                       path_of(options.project, fmt::format("/tokens/{}", options.number)));
  print(fmt::format("Revoked the deployment token {}.", options.number));
}

Task<> services(net::Loop& loop, Common common, AccessOptions) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", "/api/v1/service-accounts");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  for (const auto& one : (co_await json::decode<Page<Service>>(text)).items) {
    print(fmt::format("{:<5} {:<32} {}", one.id, one.name, one.role));
  }
}

Task<> make_service(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const ServiceBody wanted{options.name, options.role.empty() ? "guest" : options.role};
  const auto text = co_await client.call("POST", "/api/v1/service-accounts", json::encode(wanted));
  print(common.format == Format::json
            ? text
            : fmt::format("Created {} ({}). Make it a key with: temps service-account key {}",
                          wanted.name, wanted.role, wanted.name));
}

Task<> make_service_key(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto account = co_await find_user(client, options.who);
  KeyBody wanted{.name = options.name.empty() ? "key" : options.name,
                 .expires_at = co_await expiry(options.expires),
                 .scopes = {},
                 .project = given(options.project),
                 .environment = given(options.environment)};
  if (!options.scopes.empty()) wanted.scopes = options.scopes;
  const auto path = fmt::format("/api/v1/service-accounts/{}/api-keys", account.id);
  const auto text = co_await client.call("POST", path, json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  note(fmt::format("Made an API key for {}. It is shown this once:", account.email));
  print((co_await json::decode<NewKey>(text)).token);
}

Result<> run(Task<> (*work)(net::Loop&, Common, AccessOptions), const Common& common,
             const AccessOptions& options = {}) {
  net::Loop loop;
  return loop.run(work(loop, common, options));
}

}  // namespace

Result<> list_access(const Common& common, const AccessOptions& options) {
  return run(grants, common, options);
}
Result<> grant_access(const Common& common, const AccessOptions& options) {
  return run(put_grant, common, options);
}
Result<> revoke_access(const Common& common, const AccessOptions& options) {
  return run(take_grant, common, options);
}
Result<> create_token(const Common& common, const AccessOptions& options) {
  return run(make_token, common, options);
}
Result<> list_tokens(const Common& common, const AccessOptions& options) {
  return run(tokens, common, options);
}
Result<> revoke_token(const Common& common, const AccessOptions& options) {
  return run(drop_token, common, options);
}
Result<> list_services(const Common& common) { return run(services, common); }
Result<> create_service(const Common& common, const AccessOptions& options) {
  return run(make_service, common, options);
}
Result<> create_service_key(const Common& common, const AccessOptions& options) {
  return run(make_service_key, common, options);
}

}  // namespace temps::app
