// temps key list, create, revoke.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/expiry.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Key {
  std::int64_t id;
  std::string name;
  std::string created_at;
  std::optional<std::string> expires_at;
  std::optional<std::string> last_used_at;
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::string> project;
  std::optional<std::string> environment;
};
struct Keys {
  std::vector<Key> items;
  std::optional<std::string> next;
};
struct NewKey {
  std::string name;
  std::optional<std::string> expires_at;
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::string> project;
  std::optional<std::string> environment;
};
struct IssuedKey {
  Key key;
  std::string token;
};

std::string limits(const Key& key) {
  std::string text = key.scopes ? join(*key.scopes, ",") : "all";
  if (key.project)
    text += " on " + (key.project->empty() ? "a project that is gone" : *key.project);
  if (key.environment) text += "/" + *key.environment;
  return text;
}

void show(const Key& key) {
  print(fmt::format("{:<5} {:<32} made {}  used {}  {}  {}", key.id, key.name,
                    key.created_at.substr(0, 10),
                    key.last_used_at ? key.last_used_at->substr(0, 10) : "never     ", limits(key),
                    key.expires_at ? "until " + key.expires_at->substr(0, 16) : ""));
}

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Task<> list(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string cursor;
  for (;;) {
    auto text = co_await client.call("GET", "/api/v1/api-keys?limit=200" + cursor);
    if (common.format == Format::json) print(text);
    auto page = co_await json::decode<Keys>(text);
    if (common.format == Format::text) {
      for (const auto& key : page.items) show(key);
    }
    if (!page.next) co_return;
    cursor = "&cursor=" + percent_encoded(*page.next);
  }
}

Task<> create(net::Loop& loop, Common common, KeyOptions options) {
  NewKey wanted{.name = options.name,
                .expires_at = co_await expiry(options.expires),
                .scopes = {},
                .project = given(options.project),
                .environment = given(options.environment)};
  if (!options.scopes.empty()) wanted.scopes = options.scopes;
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("POST", "/api/v1/api-keys", json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto issued = co_await json::decode<IssuedKey>(text);
  note(fmt::format("Made the API key {} ({}). It is shown this once:", issued.key.id,
                   issued.key.name));
  print(issued.token);
}

Task<> revoke(net::Loop& loop, Common common, KeyOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", fmt::format("/api/v1/api-keys/{}", options.number));
  done(common.format, fmt::format("Revoked the API key {}.", options.number));
}

}  // namespace

Result<> list_keys(const Common& common) {
  net::Loop loop;
  return loop.run(list(loop, common));
}
Result<> create_key(const Common& common, const KeyOptions& options) {
  net::Loop loop;
  return loop.run(create(loop, common, options));
}
Result<> revoke_key(const Common& common, const KeyOptions& options) {
  net::Loop loop;
  return loop.run(revoke(loop, common, options));
}

}  // namespace temps::app
