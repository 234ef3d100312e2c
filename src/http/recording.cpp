#include "http/recording.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "http/authorization.hpp"
#include "http/masking.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

namespace temps::http {
namespace {

// The state of what is changed is worth a look, not a wait.
constexpr std::chrono::seconds look_time{5};
constexpr std::size_t user_agent_bytes_max = 512;

// A body that has arrived.
class HeldBody final : public BodyReader {
 public:
  explicit HeldBody(std::string text) : text_(std::move(text)) {}
  Task<std::string_view> read() override {
    if (std::exchange(is_read_, true)) co_return std::string_view{};
    co_return std::string_view(text_);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool is_read_ = false;
};

// Puts the request's own reader back at its end.
class Lent {
 public:
  Lent(Request& request, BodyReader& reader)
      : request_(request), own_(std::exchange(request.body, &reader)) {}
  ~Lent() { request_.body = own_; }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  Request& request_;
  BodyReader* own_;
};

// The route that shows what a request changes; none where nothing does. What POST is sent to is not
// what it changes, but where something is made or done.
Router::Match showing(const Router& router, const Request& request) {
  if (request.method == "POST") return {};
  auto match = router.match("GET", request.path);
  const auto* shown = match.route;
  if (shown == nullptr || shown->hidden || shown->response_schema.empty()) return {};
  return match;
}

// The part of a query that both routes know: "environment", never a page.
std::string common_query(const Request& request, const Route& shown) {
  std::string kept;
  for (const auto part : split(request.query, '&')) {
    const auto name = cut(part, "=").first;
    const bool is_known = std::ranges::any_of(shown.parameters, [name](const auto& parameter) {
      return parameter.in == "query" && parameter.name == name;
    });
    if (is_known) kept += (kept.empty() ? "" : "&") + std::string(part);
  }
  return kept;
}

// What GET answers, as the same caller would read it; empty when it fails, or when the caller may
// not read it.
Task<std::string> look(const Router& router, Request request) {
  auto match = showing(router, request);
  const auto* shown = match.route;
  if (shown == nullptr) co_return std::string{};
  HeldBody nothing{std::string{}};
  request.method = "GET";
  request.path_values = std::move(match.values);
  request.query = common_query(request, *shown);
  request.body = &nothing;
  if (!check_permission(router, *shown, request)) co_return std::string{};
  const auto answer = co_await attempt(within(look_time, shown->call(request)));
  if (!answer || answer->status != 200) co_return std::string{};
  co_return masked(answer->body, shown->response_schema);
}

struct Recording {
  Journal& journal;
  JournalMark mark;
  const Router& router;
  const Route& route;
};

Task<> end(Recording recording, const Request& request, ChangeOutcome outcome, std::string answer) {
  outcome.principal = request.principal;
  const bool is_done = outcome.status < 400;
  if (!request.noted.empty()) {
    outcome.after = masked(request.noted, "{}");
  } else if (is_done) {
    outcome.after = co_await look(recording.router, request);
    if (outcome.after.empty()) outcome.after = masked(answer, recording.route.response_schema);
  }
  const auto kept = co_await attempt(recording.journal.end(recording.mark, std::move(outcome)));
  if (kept) co_return;
  log::error("the outcome of a change could not be recorded",
             {{"request", request.id},
              {"operation", recording.route.operation},
              {"detail", kept.error().detail()},
              {"cause", kept.error().cause()}});
}

using Stream = decltype(Response::stream);

// The status is sent before it is known how a stream ends: what the handler has noted may say it.
struct Noted {
  std::optional<std::string> error;  // a code
};
// In place of the one that was sent, which says nothing.
constexpr int refused_status = 409;

// The outcome is known when the stream has ended.
Task<> streamed(Recording recording, const Request& request, int status, Stream stream,
                BodyWriter& out) {
  auto sent = co_await attempt(stream(out));
  ChangeOutcome outcome{.status = status};
  if (!sent) outcome.error = sent.error().code().code;
  if (const auto noted = json::decode<Noted>(request.noted); sent && noted && noted->error) {
    outcome.error = *noted->error;
    outcome.status = refused_status;
  }
  co_await shielded(end(recording, request, std::move(outcome), {}));
  co_await std::move(sent);
}

Change change_of(const Route& route, const Request& request, std::string given,
                 std::string before) {
  return {.principal = request.principal,
          .method = request.method,
          .path = request.path,
          .operation = route.operation,
          .summary = route.summary,
          .path_values = request.path_values,
          .given = std::move(given),
          .before = std::move(before),
          .client_address = request.client_address,
          .user_agent = std::string(request.headers.find("user-agent").value_or(""))
                            .substr(0, user_agent_bytes_max),
          .request_id = request.id};
}

Task<Response> noted_call(Journal& journal, const Router& router, const Route& route,
                          Request& request, std::string given) {
  auto before = co_await look(router, request);
  auto change = change_of(route, request, std::move(given), std::move(before));
  const auto mark = co_await journal.begin(std::move(change));
  const Recording recording{journal, mark, router, route};
  auto response = co_await attempt(route.call(request));
  if (!response) {
    const auto& error = response.error();
    ChangeOutcome failed{.status = status_for(error), .error = std::string(error.code().code)};
    co_await shielded(end(recording, request, std::move(failed), {}));
    co_return co_await std::move(response);
  }
  const int status = response->status;
  if (!response->stream) {
    co_await shielded(end(recording, request, {.status = status}, response->body));
    co_return std::move(*response);
  }
  response->stream = [recording, &request, status,
                      stream = std::move(response->stream)](BodyWriter& out) mutable {
    return streamed(recording, request, status, std::move(stream), out);
  };
  co_return std::move(*response);
}

}  // namespace

Task<Response> recorded_call(Journal& journal, const Router& router, const Route& route,
                             Request& request) {
  if (route.body_schema.empty()) co_return co_await noted_call(journal, router, route, request, {});
  HeldBody body(co_await read_json_body(request));
  const Lent lent(request, body);
  auto given = masked(body.text(), route.body_schema);
  co_return co_await noted_call(journal, router, route, request, std::move(given));
}

}  // namespace temps::http
