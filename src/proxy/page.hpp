// Answers of the proxy itself: small pages that say what is wrong and what to do, or the same as an
// RFC 9457 problem for programs.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace temps::proxy {

struct Notice {
  int status = 500;
  std::string_view code;   // "proxy.unknown_host": API, as error codes are
  std::string_view title;  // what happened
  std::string detail;      // to whom, and what to do next
  // One more field of the head.
  std::string_view field_name{};
  std::string field_value{};
};

namespace notices {
Notice unknown_host(std::string_view host);
Notice nothing_deployed(std::string_view host);
Notice starting();
Notice bad_gateway(std::string_view host);
Notice not_http2(std::string_view host);
Notice app_is_full(std::string_view host);
// None of its instances can be asked; it is worth trying again after the pause.
Notice app_unavailable(std::string_view host, std::chrono::seconds pause);
Notice console_unavailable(std::chrono::seconds pause);
Notice console_down();
Notice gateway_timeout(std::string_view host);
Notice overloaded();
Notice not_found(std::string_view path);
Notice method_not_allowed(std::string_view allowed);  // "GET, HEAD"
Notice maintenance(std::string_view host);
Notice not_allowed();
Notice login_needed();
Notice too_many_requests(int seconds);
Notice misdirected(std::string_view host);
Notice too_large(std::uint64_t limit);
Notice slow_request();
Notice refused(int status, std::string_view reason);  // a message that cannot be understood
Notice range_not_satisfiable(std::uint64_t size);
}  // namespace notices

enum class PageForm : std::uint8_t {
  html,
  problem,
  grpc,  // no page, but a status and a message as gRPC clients understand them
};
// Programs ask for JSON and not for HTML. gRPC is known by what it sends.
PageForm page_form(std::string_view accept, std::string_view content_type);

struct Page {
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> fields;  // without Date and length
};
Page make_page(const Notice& notice, PageForm form, std::string_view request_id);

}  // namespace temps::proxy
