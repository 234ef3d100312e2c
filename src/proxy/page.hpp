// Answers of the proxy itself: small pages that say what is wrong and what to do, or the same as an
// RFC 9457 problem for programs.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace temps::proxy {

struct Notice {
  int status = 500;
  std::string_view code;       // "proxy.unknown_host": API, as error codes are
  std::string_view title;      // what happened
  std::string detail;          // to whom, and what to do next
  std::string extra_fields{};  // ready lines of the head, each with CRLF
};

namespace notices {
Notice unknown_host(std::string_view host);
Notice nothing_deployed(std::string_view host);
Notice starting();
Notice bad_gateway(std::string_view host);
Notice console_down();
Notice gateway_timeout(std::string_view host);
Notice overloaded();
Notice not_found(std::string_view path);
Notice method_not_allowed(std::string_view allowed);  // "GET, HEAD"
Notice too_large(std::uint64_t limit);
Notice slow_request();
Notice refused(int status, std::string_view reason);  // a message that cannot be understood
Notice range_not_satisfiable(std::uint64_t size);
}  // namespace notices

enum class PageForm : std::uint8_t { html, problem };
// Programs ask for JSON and not for HTML.
PageForm page_form(std::string_view accept);

struct PageReply {
  std::string_view request_id;
  PageForm form = PageForm::html;
  bool head_only = false;  // the request was HEAD
  bool keep_alive = false;
  int client_minor_version = 1;
};
// The whole response, head and body.
std::string write_page(const Notice& notice, const PageReply& reply);

}  // namespace temps::proxy
