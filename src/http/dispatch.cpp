#include "http/dispatch.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http/authorization.hpp"
#include "http/errors.hpp"
#include "http/problem.hpp"
#include "http/recording.hpp"
#include "http/websocket.hpp"

namespace temps::http {
namespace {

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// The origin of a page of this server, as browsers write it.
bool is_own_origin(std::string_view origin, const Request& request) {
  const auto [scheme, authority] = cut(origin, "://");
  return (scheme == "http" || scheme == "https") && !request.authority.empty() &&
         equal_ignoring_case(authority, request.authority);
}

Error no_such_path(const Router& router, const Request& request) {
  const auto path = request.path.substr(0, 256);
  if (auto meant = router.nearest_path(request.path); meant && *meant != request.path) {
    return {errors::not_found, fmt::format("nothing is at {}; did you mean {}?", path, *meant)};
  }
  return {errors::not_found, fmt::format("nothing is at {}", path)};
}

Response wrong_method(const Router::Match& match, const Request& request) {
  const auto allowed = join(match.allowed, ", ");
  Response response{.status = 204};
  if (request.method != "OPTIONS") {
    response =
        problem(Error(errors::method_not_allowed,
                      fmt::format("{} does not take {}; it takes {}", request.path.substr(0, 256),
                                  request.method.substr(0, 32), allowed)),
                request);
  }
  response.headers.set("Allow", allowed);
  return response;
}

bool is_change(const Route& route, const Request& request) {
  return route.changes ? route.changes(request) : !is_safe(request.method);
}

struct Serving {
  const Router& router;
  Authenticator& authenticator;
  Journal* journal;
  std::chrono::milliseconds check_again;
};

// May the caller still have what the route gives? A server that cannot tell says yes.
Task<bool> is_still_allowed(const Serving& serving, const Route& route, const Request& request) {
  auto again = request;
  auto who = co_await attempt(serving.authenticator.authenticate(request));
  if (who) {
    again.principal = std::move(*who);
    co_return check_permission(serving.router, route, again).has_value();
  }
  const auto kind = who.error().code().kind;
  co_return kind != ErrorKind::unauthenticated&& kind != ErrorKind::forbidden;
}

Task<> until_forbidden(const Serving& serving, const Route& route, const Request& request) {
  do {
    co_await sleep(serving.check_again);
  } while (co_await is_still_allowed(serving, route, request));
}

using Stream = decltype(Response::stream);

Task<> while_allowed(Serving serving, const Route& route, const Request& request, Stream& stream,
                     BodyWriter& out) {
  co_await race(stream(out), until_forbidden(serving, route, request));
}

// Pushes and downloads end by themselves; events go on for days.
bool is_event_stream(const Response& response) {
  return response.stream && response.headers.find("content-type") == "text/event-stream";
}

Task<Response> checked_call(const Serving& serving, const Route& route, Request& request) {
  request.principal = co_await serving.authenticator.authenticate(request);
  request.permissions = serving.router.permissions();
  co_await check_permission(serving.router, route, request);
  co_await check_cross_site(request);
  if (serving.journal == nullptr || !is_change(route, request)) {
    auto response = co_await route.call(request);
    if (!is_event_stream(response)) co_return response;
    response.stream = [serving, &route, &request,
                       stream = std::move(response.stream)](BodyWriter& out) mutable {
      return while_allowed(serving, route, request, stream, out);
    };
    co_return response;
  }
  co_return co_await recorded_call(*serving.journal, serving.router, route, request);
}

}  // namespace

Result<std::string> decode_path(std::string_view path) {
  const auto refuse = [](std::string_view why) {
    return fail(errors::bad_path, "the address holds {}", why);
  };
  if (!path.starts_with('/')) return refuse("no path");
  const auto lower = lowered(path);
  if (lower.find("%2f") != std::string::npos || lower.find("%5c") != std::string::npos) {
    return refuse("an encoded slash");
  }
  auto decoded = percent_decoded(path);
  if (!decoded) return refuse("a broken %-escape");
  if (!is_utf8(*decoded)) return refuse("bytes that are no UTF-8");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(*decoded, is_control)) return refuse("control characters");
  for (const auto segment : split(*decoded, '/')) {
    if (segment == "." || segment == "..") return refuse("\".\" or \"..\"");
  }
  return std::move(*decoded);
}

Result<> check_cross_site(const Request& request) {
  if ((is_safe(request.method) && !asks_for_websocket(request)) ||
      request.principal.kind == "key" || request.principal.kind == "token")
    return {};
  const auto refuse = [] {
    return fail(errors::cross_site,
                "the browser says that another site made this request; open the console itself");
  };
  if (const auto site = request.headers.find("sec-fetch-site")) {
    if (*site == "same-origin" || *site == "none") return {};
    return refuse();
  }
  if (const auto origin = request.headers.find("origin")) {
    if (is_own_origin(*origin, request)) return {};
    return refuse();
  }
  // Without a cookie there is nothing to abuse, and programs send neither field.
  if (request.principal.kind != "session") return {};
  return fail(
      errors::cross_site,
      "a session cookie changes things only with an Origin header; programs use an API key");
}

Task<Response> dispatch(const Router& router, Authenticator& authenticator, Request& request,
                        Journal* journal, std::chrono::milliseconds check_again) {
  auto match = router.match(request.method, request.path);
  if (match.route == nullptr) {
    if (!match.allowed.empty()) co_return wrong_method(match, request);
    co_return problem(no_such_path(router, request), request);
  }
  request.path_values = std::move(match.values);
  request.body_bytes_max = match.route->body_bytes_max;
  auto response = co_await attempt(
      checked_call({router, authenticator, journal, check_again}, *match.route, request));
  if (!response) co_return problem(response.error(), request);
  co_return std::move(*response);
}

void add_security_headers(Response& response, const Request& request) {
  // No inline script or style, nothing from elsewhere.
  constexpr std::string_view page_policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
      "'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";
  const bool page = response.headers.find("content-type").value_or("").starts_with("text/html");
  const std::array<std::pair<std::string_view, std::string_view>, 7> fields{{
      {"X-Content-Type-Options", "nosniff"},
      // Not no-referrer: browsers then send "Origin: null" with forms.
      {"Referrer-Policy", "same-origin"},
      {"X-Frame-Options", "DENY"},
      {"Content-Security-Policy", page ? page_policy : data_policy},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cache-Control", "no-store"},
  }};
  for (const auto& [name, value] : fields) {
    if (!response.headers.find(name)) response.headers.add(std::string(name), std::string(value));
  }
  response.headers.set("X-Request-Id", request.id);
}

}  // namespace temps::http
