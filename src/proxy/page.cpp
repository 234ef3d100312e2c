#include "proxy/page.hpp"

#include <fmt/core.h>

#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::proxy {
namespace {

// The wire shape of RFC 9457 with the members that all of Temps adds.
struct Problem {
  std::string type;
  std::string title;
  int status = 0;
  std::string detail;
  std::string code;
  std::string request_id;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// "application/grpc", also with "+proto" and the like. gRPC-Web is ordinary HTTP.
bool is_grpc(std::string_view content_type) {
  constexpr std::string_view name = "application/grpc";
  if (content_type.size() < name.size() ||
      !equal_ignoring_case(content_type.substr(0, name.size()), name))
    return false;
  return content_type.size() == name.size() ||
         std::string_view("+; ").find(content_type[name.size()]) != std::string_view::npos;
}

// The status that gRPC has for it.
int grpc_status(int status) {
  constexpr int unknown = 2;
  constexpr int deadline_exceeded = 4;
  constexpr int permission_denied = 7;
  constexpr int resource_exhausted = 8;
  constexpr int unimplemented = 12;
  constexpr int internal = 13;
  constexpr int unavailable = 14;
  constexpr int unauthenticated = 16;
  switch (status) {
    case 400:
      return internal;
    case 401:
      return unauthenticated;
    case 403:
      return permission_denied;
    case 404:
    case 405:
      return unimplemented;
    case 408:
    case 504:
      return deadline_exceeded;
    case 413:
    case 429:
    case 431:
      return resource_exhausted;
    case 421:
    case 502:
    case 503:
      return unavailable;
    default:
      return unknown;
  }
}

// "Percent-Encoded" of gRPC's HTTP/2 protocol.
std::string grpc_message(const Notice& notice) {
  std::string out;
  for (const char c : fmt::format("{}. {}", notice.title, notice.detail)) {
    if (c >= ' ' && c <= '~' && c != '%') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// A response of nothing but a head ("Trailers-Only").
Page grpc_page(const Notice& notice, std::string_view request_id) {
  Page page{.status = 200, .body = {}, .fields = {}};
  page.fields.emplace_back("Content-Type", "application/grpc");
  page.fields.emplace_back("grpc-status", std::to_string(grpc_status(notice.status)));
  page.fields.emplace_back("grpc-message", grpc_message(notice));
  page.fields.emplace_back("X-Request-ID", request_id);
  return page;
}

std::string html(const Notice& notice, std::string_view request_id) {
  return fmt::format(
      R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{0} {1}</title>
<style>
:root{{color-scheme:light dark}}
body{{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}}
h1{{font-size:1.4rem;margin:0 0 .5rem}}
small{{opacity:.65}}
</style></head>
<body><main><small>{0}</small><h1>{1}</h1><p>{2}</p>
<p><small>Request {3}</small></p></main></body></html>
)",
      notice.status, escaped(notice.title), escaped(notice.detail), escaped(request_id));
}

std::string problem(const Notice& notice, std::string_view request_id) {
  return json::encode(Problem{
      .type = "/problems/" + replaced(notice.code, ".", "/"),
      .title = std::string(notice.title),
      .status = notice.status,
      .detail = notice.detail,
      .code = std::string(notice.code),
      .request_id = std::string(request_id),
  });
}

}  // namespace

namespace notices {

Notice unknown_host(std::string_view host) {
  return {404, "proxy.unknown_host", "No app answers at this address",
          fmt::format("This server has no app for {}. If it should, add the domain to a project, "
                      "or check the address for a slip of the finger.",
                      host.empty() ? "a request without a host name" : host)};
}

Notice nothing_deployed(std::string_view host) {
  return {503,
          "proxy.nothing_deployed",
          "Nothing is deployed here yet",
          fmt::format("{} is set up, but has no release yet. Push to it, and this page gives way "
                      "to the app.",
                      host),
          "Retry-After",
          "5"};
}

Notice starting() {
  return {503,
          "proxy.starting",
          "The server is starting",
          "The routes are not known yet. Try again in a few seconds; if this page stays, look at "
          "the log of temps serve.",
          "Retry-After",
          "2"};
}

Notice bad_gateway(std::string_view host) {
  return {502, "proxy.bad_gateway", "The app did not answer",
          fmt::format("The app behind {} does not take connections or broke off its answer. It may "
                      "be restarting: try again in a moment. Its owner finds the reason in the "
                      "app's log.",
                      host)};
}

Notice not_http2(std::string_view host) {
  return {502, "proxy.not_http2", "The app does not speak HTTP/2",
          fmt::format("This request needs an app that takes HTTP/2 without TLS (h2c), as gRPC "
                      "servers do, and the app behind {} does not. Its owner can let it listen for "
                      "h2c, or set protocol=http1 for it.",
                      host)};
}

Notice app_is_full(std::string_view host) {
  return {503,
          "proxy.app_is_full",
          "The app takes no more requests",
          fmt::format("The app behind {} has turned the request away unseen. Try again in a few "
                      "seconds.",
                      host),
          "Retry-After",
          "5"};
}

Notice app_unavailable(std::string_view host, std::chrono::seconds pause) {
  return {503,
          "proxy.app_unavailable",
          "The app is not available",
          fmt::format("The app behind {} takes no requests at the moment. It may be restarting: "
                      "try again in {} s. Its owner finds the reason in the app's log.",
                      host, pause.count()),
          "Retry-After",
          std::to_string(pause.count())};
}

Notice console_unavailable(std::chrono::seconds pause) {
  auto notice = console_down();
  notice.status = 503;
  notice.field_name = "Retry-After";
  notice.field_value = std::to_string(pause.count());
  return notice;
}

Notice console_down() {
  return {502, "proxy.console_down", "The console is not running",
          "The apps on this server go on serving. `temps serve` may be restarting: try again in a "
          "moment; if this page stays, look at its log."};
}

Notice gateway_timeout(std::string_view host) {
  return {504, "proxy.gateway_timeout", "The app took too long",
          fmt::format("The app behind {} took the request, but did not begin to answer in time. "
                      "Its owner finds the reason in the app's log.",
                      host)};
}

Notice overloaded() {
  return {503,
          "proxy.overloaded",
          "The server is busy",
          "The proxy has no room for another connection at the moment. Try again in a few seconds.",
          "Retry-After",
          "5"};
}

Notice not_found(std::string_view path) {
  return {404, "proxy.not_found", "This page does not exist",
          fmt::format("There is nothing at {}. The link may be old, or have a slip of the finger.",
                      path)};
}

Notice method_not_allowed(std::string_view allowed) {
  return {405,
          "proxy.method_not_allowed",
          "This cannot be done here",
          fmt::format("Only {} can be asked of this address.", allowed),
          "Allow",
          "GET, HEAD"};
}

Notice maintenance(std::string_view host) {
  return {503,
          "proxy.maintenance",
          "Down for maintenance",
          fmt::format("{} is being worked on and will be back soon. Nothing is wrong on your side.",
                      host),
          "Retry-After",
          "300"};
}

Notice not_allowed() {
  return {403, "proxy.not_allowed", "Not from this address",
          "This site answers only to certain addresses, and yours is none of them. If it should "
          "be, its owner can add it."};
}

Notice login_needed() {
  return {401,
          "proxy.login_needed",
          "A password is needed",
          "This site asks for a user name and a password. Its owner knows them.",
          "WWW-Authenticate",
          "Basic realm=\"This site\", charset=\"UTF-8\""};
}

Notice too_many_requests(int seconds) {
  return {429,
          "proxy.too_many_requests",
          "Too many requests",
          fmt::format("More requests came from your address than this site takes. Try again in "
                      "{} s.",
                      seconds),
          "Retry-After",
          std::to_string(seconds)};
}

Notice misdirected(std::string_view host) {
  return {421, "proxy.misdirected", "This connection is for another address",
          fmt::format("The connection was made for another host than {}. Open a new one.", host)};
}

Notice too_large(std::uint64_t limit) {
  return {413, "proxy.too_large", "The request is too large",
          fmt::format("At most {} can be sent to this app in one request.", human_bytes(limit))};
}

Notice slow_request() {
  return {408, "proxy.slow_request", "The request took too long",
          "The request did not arrive completely in time. Check the connection and try again."};
}

Notice refused(int status, std::string_view reason) {
  return {status, "proxy.bad_request", "The request cannot be understood",
          fmt::format("{}.", reason)};
}

Notice range_not_satisfiable(std::uint64_t size) {
  return {416,
          "proxy.bad_range",
          "There is no such part of the file",
          "The file is shorter than the range that was asked for.",
          "Content-Range",
          fmt::format("bytes */{}", size)};
}

}  // namespace notices

PageForm page_form(std::string_view accept, std::string_view content_type) {
  if (is_grpc(content_type)) return PageForm::grpc;
  const bool json = accept.find("application/json") != std::string_view::npos ||
                    accept.find("application/problem+json") != std::string_view::npos;
  const bool wants_html = accept.find("text/html") != std::string_view::npos;
  return json && !wants_html ? PageForm::problem : PageForm::html;
}

Page make_page(const Notice& notice, PageForm form, std::string_view request_id) {
  if (form == PageForm::grpc) return grpc_page(notice, request_id);
  const bool as_html = form == PageForm::html;
  Page page{.status = notice.status,
            .body = as_html ? html(notice, request_id) : problem(notice, request_id),
            .fields = {}};
  page.fields.emplace_back("Content-Type",
                           as_html ? "text/html; charset=utf-8" : "application/problem+json");
  page.fields.emplace_back("Cache-Control", "no-store");
  page.fields.emplace_back("X-Content-Type-Options", "nosniff");
  if (as_html)
    page.fields.emplace_back("Content-Security-Policy",
                             "default-src 'none'; style-src 'unsafe-inline'");
  page.fields.emplace_back("X-Request-ID", request_id);
  if (!notice.field_name.empty()) page.fields.emplace_back(notice.field_name, notice.field_value);
  return page;
}

}  // namespace temps::proxy
