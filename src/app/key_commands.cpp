// temps key list, create, revoke.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "settings/units.hpp"

namespace temps::app {

namespace {

struct Key {
  std::int64_t id;
  std::string name;
  std::string created_at;
  std::optional<std::string> expires_at;
  std::optional<std::string> last_used_at;
};
struct Keys {
  std::vector<Key> items;
  std::optional<std::string> next;
};
struct NewKey {
  std::string name;
  std::optional<std::string> expires_at;
};
struct IssuedKey {
  Key key;
  std::string token;
};

void show(const Key& key) {
  print(fmt::format("{:<5} {:<32} made {}  used {}  {}", key.id, key.name,
                    key.created_at.substr(0, 10),
                    key.last_used_at ? key.last_used_at->substr(0, 10) : "never     ",
                    key.expires_at ? "until " + key.expires_at->substr(0, 16) : ""));
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
  NewKey wanted{.name = options.name, .expires_at = std::nullopt};
  if (!options.expires.empty()) {
    const auto lifetime = settings::parse_duration(options.expires);
    if (!lifetime) {
      co_await fail(errors::usage, "\"{}\" is no time, such as 90d or 12h", options.expires);
    }
    wanted.expires_at = to_rfc3339(SystemClock().now() + *lifetime);
  }
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
