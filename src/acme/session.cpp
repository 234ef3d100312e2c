#include "acme/session.hpp"

#include <algorithm>
#include <utility>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http/errors.hpp"
#include "http1/date.hpp"
#include "net/errors.hpp"

namespace temps::acme {
namespace {

// Each retry has a fresh nonce, so more than a few mean that the authority is broken or tests us.
constexpr int nonce_retries_max = 16;
constexpr std::size_t nonces_kept_max = 8;
constexpr std::size_t nonce_bytes_max = 512;
constexpr std::size_t depth_max = 12;
constexpr std::chrono::seconds retry_after_max = std::chrono::hours(24 * 7);

// Null where the body is no JSON.
json::Value problem_of(const Reply& reply) {
  auto problem = reply.object();
  return problem ? std::move(*problem) : json::Value{};
}

Error error_of(const Reply& reply, const json::Value& problem) {
  auto error = problem_error(problem, reply.status);
  if (reply.retry_after) return error.retry_in(*reply.retry_after);
  return error;
}

}  // namespace

std::string Reply::location() const { return std::string(headers.find("location").value_or("")); }

Result<json::Value> Reply::object() const {
  auto document = json::parse(body, {.size_bytes_max = answer_bytes_max, .depth_max = depth_max});
  if (document) {
    json::Value value(*document, json::root(**document));
    if (value.is_object()) return value;
  }
  return fail(errors::bad_answer,
              "the certificate authority answered with something else than a JSON object; check "
              "the address of its directory");
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Instant now) {
  using std::chrono::seconds;
  text = trimmed(text);
  if (const auto number = parse_number<std::uint32_t>(text)) {
    return std::min(seconds(*number), retry_after_max);
  }
  const auto date = http1::parse_http_date(text);
  if (!date) return std::nullopt;
  const auto wait = std::chrono::ceil<seconds>(*date - now);
  return std::clamp(wait, seconds(0), retry_after_max);
}

Error Session::connection_error(const Error& cause, const std::string& url) const {
  if (cause.is(http::errors::bad_response) || cause.is(http::errors::response_too_large)) {
    return {errors::bad_answer,
            fmt::format("{} does not answer as a certificate authority does ({}); check the "
                        "address of its directory",
                        url, cause.detail())};
  }
  const bool network = cause.is(net::errors::unreachable) || cause.is(net::errors::broken) ||
                       cause.is(net::errors::closed) || cause.is(temps::errors::timed_out);
  // What is wrong with its certificate says so itself.
  if (!network) return cause;
  return {errors::unreachable,
          fmt::format("the certificate authority at {} cannot be reached ({}); check the address "
                      "and this machine's way to the internet. It is tried again",
                      options_.directory_url, cause.detail()),
          {},
          url};
}

// An authority that is asked over https must not lead us to where everybody listens.
Task<http::Url> Session::checked_url(std::string text) {
  const auto directory = co_await http::parse_url(options_.directory_url);
  auto url = http::parse_url(text);
  if (!url || (directory.is_secure() && !url->is_secure())) {
    co_await fail(errors::bad_answer, "the certificate authority names an address that is none: {}",
                  text.substr(0, 200));
  }
  co_return std::move(*url);
}

Task<Reply> Session::exchange(http::ClientRequest request, std::string url, std::size_t bytes_max) {
  const auto where = co_await checked_url(url);
  request.target = where.path;
  request.headers.add("User-Agent", options_.user_agent);
  request.headers.add("Accept-Language", "en");
  http::Client client(loop_, where, options_.trust);
  auto answered =
      co_await attempt(client.send(std::move(request), options_.request_time_max, bytes_max));
  if (!answered) {
    // Not to blame the authority when it is we who stop.
    co_await check_cancelled();
    co_await fail(connection_error(answered.error(), url));
  }
  Reply reply{.status = answered->status,
              .headers = std::move(answered->headers),
              .body = std::move(answered->body)};
  if (const auto wait = reply.headers.find("retry-after")) {
    reply.retry_after = parse_retry_after(*wait, clock_.now());
  }
  keep_nonce(reply);
  co_return reply;
}

void Session::keep_nonce(const Reply& reply) {
  const auto nonce = reply.headers.find("replay-nonce");
  if (!nonce || nonce->empty() || nonce->size() > nonce_bytes_max) return;
  if (nonces_.size() == nonces_kept_max) nonces_.erase(nonces_.begin());
  nonces_.emplace_back(*nonce);
}

Task<std::string> Session::nonce() {
  if (nonces_.empty()) {
    const auto known = co_await directory();
    const auto reply = co_await exchange({.method = "HEAD"}, known.new_nonce, answer_bytes_max);
    if (nonces_.empty()) {
      co_await fail(errors::bad_answer,
                    "the certificate authority gives no nonce (status {}); check the address of "
                    "its directory",
                    reply.status);
    }
  }
  auto newest = std::move(nonces_.back());
  nonces_.pop_back();
  co_return newest;
}

Task<Directory> Session::directory() {
  if (directory_) co_return *directory_;
  const auto reply = co_await get(options_.directory_url);
  const auto document = co_await reply.object();
  const auto meta = document["meta"];
  Directory found{
      .new_nonce = text_of(document["newNonce"]),
      .new_account = text_of(document["newAccount"]),
      .new_order = text_of(document["newOrder"]),
      .revoke = text_of(document["revokeCert"]),
      .renewal_info = text_of(document["renewalInfo"]),
      .terms_of_service = text_of(meta["termsOfService"]),
      .website = text_of(meta["website"]),
      .external_account_required = meta["externalAccountRequired"].as_bool().value_or(false)};
  if (found.new_nonce.empty() || found.new_account.empty() || found.new_order.empty()) {
    co_await fail(errors::bad_answer,
                  "{} is not the directory of a certificate authority; it ends in /directory or "
                  "alike",
                  options_.directory_url);
  }
  directory_ = found;
  co_return found;
}

Task<Reply> Session::get(std::string url) {
  auto reply = co_await exchange({}, url, answer_bytes_max);
  if (reply.status >= 300) co_await fail(error_of(reply, problem_of(reply)));
  co_return reply;
}

Task<Reply> Session::post(Key key, Call call) {
  for (int retries = 0;; ++retries) {
    auto fresh = co_await nonce();
    const SignedFor bound{
        .url = call.url, .nonce = std::move(fresh), .account_url = call.account_url};
    http::ClientRequest request{.method = "POST"};
    request.headers.add("Content-Type", "application/jose+json");
    if (!call.accept.empty()) request.headers.add("Accept", call.accept);
    request.body = signed_request(key, bound, call.payload);
    auto reply = co_await exchange(std::move(request), call.url, call.bytes_max);
    if (reply.status < 300) co_return reply;
    const auto problem = problem_of(reply);
    if (is_bad_nonce(problem) && retries < nonce_retries_max) continue;
    co_await fail(error_of(reply, problem));
  }
}

}  // namespace temps::acme
