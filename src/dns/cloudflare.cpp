#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "dns/errors.hpp"
#include "dns/providers.hpp"
#include "json/json.hpp"

namespace temps::dns {

namespace {

constexpr auto call_time = std::chrono::seconds(20);
constexpr std::size_t answer_bytes_max = 1U << 20U;

// The JSON shapes of that API, as far as they are needed.
struct Message {
  std::int64_t code;
  std::string message;
};
struct Item {
  std::string id;
};
struct Found {
  std::vector<Item> result;
};
struct Refusal {
  std::vector<Message> errors;
};
struct NewRecord {
  std::string type;
  std::string name;
  std::string content;
  std::int32_t ttl;
};

std::string words_of(const http::ClientResponse& response) {
  const auto refusal = json::decode<Refusal>(response.body);
  if (!refusal || refusal->errors.empty()) {
    return fmt::format("it answers with status {}", response.status);
  }
  return fmt::format("it says \"{}\"", to_utf8(refusal->errors.front().message.substr(0, 200)));
}

}  // namespace

Task<std::string> Cloudflare::call(std::string method, std::string path, std::string body) {
  const auto url = co_await http::parse_url(provider_.server);
  http::Client client(loop_, url);
  http::ClientRequest request{
      .method = std::move(method), .target = "/client/v4" + path, .body = std::move(body)};
  request.headers.add("Authorization", "Bearer " + token_.reveal());
  if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
  auto response = co_await attempt(client.send(std::move(request), call_time, answer_bytes_max));
  co_await check_cancelled();
  if (!response) {
    co_await fail(errors::unreachable, "{} cannot be reached: {}", provider_.server,
                  response.error().detail());
  }
  if (response->status >= 500 || response->status == 429) {
    co_await fail(errors::unreachable, "{} cannot help now: {}", provider_.server,
                  words_of(*response));
  }
  if (response->status >= 300) {
    co_await fail(errors::refused,
                  "{} refuses: {}; its token needs the permission Zone:DNS:Edit for {}",
                  provider_.server, words_of(*response), provider_.zone);
  }
  co_return std::move(response->body);
}

Task<std::string> Cloudflare::zone_path() {
  const auto text = co_await call("GET", "/zones?name=" + percent_encoded(provider_.zone));
  const auto found = json::decode<Found>(text);
  if (!found) co_await fail(errors::bad_answer, "{}", found.error().detail());
  if (found->result.empty()) {
    co_await fail(errors::refused, "the token knows no zone {}; allow it to change that one",
                  provider_.zone);
  }
  co_return fmt::format("/zones/{}/dns_records", percent_encoded(found->result.front().id));
}

Task<> Cloudflare::put(TextRecord record) {
  const NewRecord wanted{.type = "TXT",
                         .name = std::move(record.name),
                         .content = fmt::format("\"{}\"", record.text),
                         .ttl = 60};
  co_await call("POST", co_await zone_path(), json::encode(wanted));
}

Task<> Cloudflare::remove(TextRecord record) {
  const auto path = co_await zone_path();
  for (const auto& content : {fmt::format("\"{}\"", record.text), record.text}) {
    const auto text =
        co_await call("GET", fmt::format("{}?type=TXT&name={}&content={}", path,
                                         percent_encoded(record.name), percent_encoded(content)));
    const auto found = json::decode<Found>(text);
    if (!found) co_await fail(errors::bad_answer, "{}", found.error().detail());
    for (const auto& one : found->result) {
      co_await call("DELETE", fmt::format("{}/{}", path, percent_encoded(one.id)));
    }
    if (!found->result.empty()) co_return;
  }
}

}  // namespace temps::dns
