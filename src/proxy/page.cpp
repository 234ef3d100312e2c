#include "proxy/page.hpp"

#include <fmt/core.h>

#include <chrono>

#include "core/text.hpp"
#include "http1/date.hpp"
#include "http1/fields.hpp"
#include "json/json.hpp"
#include "proxy/head_writer.hpp"

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
  return {503, "proxy.nothing_deployed", "Nothing is deployed here yet",
          fmt::format("{} is set up, but has no release yet. Push to it, and this page gives way "
                      "to the app.",
                      host),
          "Retry-After: 5\r\n"};
}

Notice starting() {
  return {503, "proxy.starting", "The server is starting",
          "The routes are not known yet. Try again in a few seconds; if this page stays, look at "
          "the log of temps serve.",
          "Retry-After: 2\r\n"};
}

Notice bad_gateway(std::string_view host) {
  return {502, "proxy.bad_gateway", "The app did not answer",
          fmt::format("The app behind {} does not take connections or broke off its answer. It may "
                      "be restarting: try again in a moment. Its owner finds the reason in the "
                      "app's log.",
                      host)};
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
  return {503, "proxy.overloaded", "The server is busy",
          "The proxy has no room for another connection at the moment. Try again in a few seconds.",
          "Retry-After: 5\r\n"};
}

Notice not_found(std::string_view path) {
  return {404, "proxy.not_found", "This page does not exist",
          fmt::format("There is nothing at {}. The link may be old, or have a slip of the finger.",
                      path)};
}

Notice method_not_allowed(std::string_view allowed) {
  return {405, "proxy.method_not_allowed", "This cannot be done here",
          fmt::format("Only {} can be asked of this address.", allowed), "Allow: GET, HEAD\r\n"};
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
  return {416, "proxy.bad_range", "There is no such part of the file",
          "The file is shorter than the range that was asked for.",
          fmt::format("Content-Range: bytes */{}\r\n", size)};
}

}  // namespace notices

PageForm page_form(std::string_view accept) {
  const bool json = accept.find("application/json") != std::string_view::npos ||
                    accept.find("application/problem+json") != std::string_view::npos;
  const bool wants_html = accept.find("text/html") != std::string_view::npos;
  return json && !wants_html ? PageForm::problem : PageForm::html;
}

std::string write_page(const Notice& notice, const PageReply& reply) {
  const bool as_html = reply.form == PageForm::html;
  const auto body = as_html ? html(notice, reply.request_id) : problem(notice, reply.request_id);
  std::string out;
  out.reserve(body.size() + 512);
  write_status_line(out, notice.status);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  write_field(out, "Date", http1::text_of(http1::http_date(now)));
  write_field(out, "Content-Type",
              as_html ? "text/html; charset=utf-8" : "application/problem+json");
  write_field(out, "Content-Length", std::to_string(body.size()));
  write_field(out, "Cache-Control", "no-store");
  write_field(out, "X-Content-Type-Options", "nosniff");
  if (as_html)
    write_field(out, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  write_field(out, "X-Request-ID", reply.request_id);
  out += notice.extra_fields;
  if (!reply.keep_alive) {
    out += "Connection: close\r\n";
  } else if (reply.client_minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (!reply.head_only) out += body;
  return out;
}

}  // namespace temps::proxy
