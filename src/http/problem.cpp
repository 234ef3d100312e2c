#include "http/problem.hpp"

#include <fmt/core.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/log.hpp"
#include "core/text.hpp"
#include "http/errors.hpp"
#include "json/json.hpp"

namespace temps::http {
namespace {

struct ProblemField {
  std::string pointer;
  std::string detail;
};

// The wire shape: RFC 9457 §3.1, and our members after it.
struct Problem {
  std::string type;
  std::string title;
  int status;
  std::string detail;
  std::string instance;
  std::string code;
  std::string request_id;
  std::optional<std::vector<ProblemField>> errors;
};

void log_internal(const Error& error, const Request& request, int status) {
  const bool unexpected = status == 500;
  if (!unexpected && error.cause().empty()) return;
  const auto write = unexpected ? log::error : log::warning;
  write("request failed", {{"request", request.id},
                           {"method", request.method},
                           {"path", request.path},
                           {"code", error.code().code},
                           {"detail", error.detail()},
                           {"cause", error.cause()}});
}

std::chrono::seconds retry_after(const Error& error) {
  constexpr std::chrono::seconds unavailable{5};
  constexpr std::chrono::seconds limited{60};
  if (error.retry_after().count() > 0) return error.retry_after();
  return error.code().kind == ErrorKind::rate_limited ? limited : unavailable;
}

}  // namespace

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return 400;
    case ErrorKind::unauthenticated:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::gone:
      return 410;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::rate_limited:
      return 429;
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return 503;
    case ErrorKind::timeout:
      return 504;
    case ErrorKind::internal:
      return 500;
  }
  return 500;
}

// Kinds are fewer than statuses; these codes of the server's own have one to themselves.
int status_for(const Error& error) {
  if (error.is(errors::method_not_allowed)) return 405;
  if (error.is(errors::unsupported_media)) return 415;
  if (error.is(errors::too_slow)) return 408;
  return status_of(error.code().kind);
}

Response problem(const Error& error, const Request& request) {
  return problem(error, request, status_for(error));
}

Response problem(const Error& error, const Request& request, int status) {
  log_internal(error, request, status);
  const auto [module, reason] = cut(error.code().code, ".");
  Problem body{.type = fmt::format("/problems/{}/{}", module, reason),
               .title = std::string(error.code().title),
               .status = status,
               .detail = std::string(error.detail()),
               .instance = request.path,
               .code = std::string(error.code().code),
               .request_id = request.id,
               .errors = std::nullopt};
  if (status == 500) {
    // What failed inside is for the log; the id leads there.
    body.detail = fmt::format("Something failed inside Temps; the log has it under {}", request.id);
  }
  if (!error.fields().empty()) {
    auto& fields = body.errors.emplace();
    for (const auto& [pointer, detail] : error.fields()) fields.push_back({pointer, detail});
  }
  Response response{.status = status, .body = json::encode(body)};
  response.headers.add("Content-Type", "application/problem+json");
  response.headers.add("Cache-Control", "no-store");
  if (status == 429 || status == 503) {
    response.headers.add("Retry-After", fmt::format("{}", retry_after(error).count()));
  }
  if (status == 401 && request.path.starts_with("/api/")) {
    response.headers.add("WWW-Authenticate", "Bearer realm=\"Temps\"");
  } else if (status == 401) {
    // git asks its credential helper only when challenged like this.
    response.headers.add("WWW-Authenticate", "Basic realm=\"Temps\", charset=\"UTF-8\"");
  }
  return response;
}

std::string problem_schema() { return json::schema<Problem>(json::Direction::output); }

}  // namespace temps::http
