#include "http/parameters.hpp"

#include <algorithm>

#include "core/concurrency.hpp"

namespace temps::http {

std::uint32_t PageQuery::size() const {
  return std::clamp(limit.value_or(50), std::uint32_t{1}, std::uint32_t{200});
}

Result<std::int64_t> PageQuery::number(std::int64_t first) const {
  if (!cursor) return first;
  if (const auto value = parse_number<std::int64_t>(*cursor)) return *value;
  return std::unexpected(
      detail::bad_value("query", "cursor", "must be the `next` of an earlier page"));
}

Response json_response(int status, std::string body) {
  Response response{.status = status, .body = std::move(body)};
  response.headers.add("Content-Type", "application/json");
  return response;
}

Task<std::string> read_body(Request& request, std::size_t bytes_max) {
  const auto too_large = [bytes_max] {
    return fail(errors::body_too_large, "the body may have {} at most", human_bytes(bytes_max));
  };
  std::string body;
  if (auto length = request.headers.find("content-length")) {
    const auto announced = parse_number<std::uint64_t>(*length).value_or(0);
    if (announced > bytes_max) co_await too_large();
    body.reserve(announced);
  }
  for (;;) {
    const auto bytes = co_await request.body->read();
    if (bytes.empty()) co_return body;
    if (body.size() + bytes.size() > bytes_max) co_await too_large();
    body += bytes;
  }
}

Task<std::string> read_json_body(Request& request) {
  // No form of another site can pass for an API call: browsers always name the type of a body.
  // What comes without one is from a program and taken for JSON.
  const auto type = request.headers.find("content-type");
  const auto media = trimmed(cut(type.value_or("application/json"), ";").first);
  if (!equal_ignoring_case(media, "application/json")) {
    co_await fail(errors::unsupported_media,
                  "the Content-Type is \"{}\"; send JSON as application/json", media.substr(0, 64));
  }
  const auto limit = request.json_time_max;
  auto body = co_await attempt(within(limit, read_body(request, request.body_bytes_max)));
  if (!body && body.error().is(temps::errors::timed_out)) {
    co_await fail(errors::too_slow, "the body did not arrive within {:g} s",
                  std::chrono::duration<double>(limit).count());
  }
  co_return co_await std::move(body);
}

namespace detail {

Error bad_value(std::string_view where, std::string_view name, std::string detail) {
  auto text = fmt::format("{} {}", name, detail);
  return {errors::bad_parameter,
          std::move(text),
          {{fmt::format("/{}/{}", where, name), std::move(detail)}}};
}

Response with_headers(Response response, const Headers& headers) {
  for (const auto& [name, value] : headers.all()) response.headers.add(name, value);
  return response;
}

std::vector<std::string> names_of(std::string_view path) {
  std::vector<std::string> names;
  for (;;) {
    const auto behind = cut(path, "{").second;
    if (behind.empty()) return names;
    auto [name, rest] = cut(behind, "}");
    if (name.ends_with("...")) name.remove_suffix(3);
    names.emplace_back(name);
    path = rest;
  }
}

}  // namespace detail
}  // namespace temps::http
