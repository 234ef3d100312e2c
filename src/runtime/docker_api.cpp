#include "runtime/docker_api.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

// The version that this code was written against (Engine 20.10), and the oldest that has all of it.
constexpr int preferred_minor = 41;
constexpr int oldest_minor = 25;
constexpr std::size_t answer_bytes_max = std::size_t{32} << 20U;

std::optional<int> minor_of(std::string_view version) {
  const auto [major, minor] = cut(version, ".");
  return major == "1" ? parse_number<int>(minor) : std::nullopt;
}

net::Address address_of(const std::string& socket) {
  return net::Address{.host = {}, .port = 0, .path = socket};
}

}  // namespace

std::string docker_socket(std::string_view docker_host) {
  constexpr std::string_view unix_scheme = "unix://";
  return std::string(docker_host.starts_with(unix_scheme) ? docker_host.substr(unix_scheme.size())
                                                          : default_docker_socket);
}

Task<bool> docker_answers(net::Loop& loop, std::string socket) {
  http::Client client(loop, address_of(socket));
  auto answer = co_await attempt(client.send({.target = "/_ping"}, 2s));
  co_return answer && answer->status == 200;
}

std::string text_of(const json::Value& value) {
  return std::string(value.as_string().value_or(""));
}

Result<std::string> choose_api_version(std::string_view oldest, std::string_view newest) {
  const auto first = minor_of(oldest).value_or(0);
  const auto last = minor_of(newest);
  if (!last || *last < oldest_minor) {
    return fail(errors::unavailable,
                "the container engine speaks API version {}, which is too old; update it to "
                "Docker 17 or newer",
                newest.empty() ? "(unknown)" : newest);
  }
  return fmt::format("1.{}", std::max(first, std::min(preferred_minor, *last)));
}

std::string DockerAnswer::message() const {
  auto text = text_of(value()["message"]);
  return text.empty() ? fmt::format("HTTP status {}", status) : text;
}

json::Value DockerAnswer::value() const {
  return json::decode<json::Value>(body, {.size_bytes_max = answer_bytes_max, .depth_max = 64})
      .value_or(json::Value{});
}

DockerApi::DockerApi(net::Loop& loop, std::string socket)
    : loop_(loop), socket_(std::move(socket)) {}

Error DockerApi::unavailable(const Error& cause) const {
  const auto reason = fmt::format("{}: {}", cause.code().code, cause.detail());
  if (::access(socket_.c_str(), R_OK | W_OK) != 0 && errno == EACCES) {
    return Error(errors::unavailable,
                 fmt::format("this user may not use the container engine at {}; run Temps as root, "
                             "or add its user to the group docker",
                             socket_))
        .because(reason);
  }
  return Error(errors::unavailable,
               fmt::format("the container engine does not answer at {}; start it with: systemctl "
                           "start docker",
                           socket_))
      .because(reason);
}

Task<std::string> DockerApi::prefix() {
  if (!prefix_.empty()) co_return prefix_;
  http::Client client(loop_, address_of(socket_));
  auto answered = co_await attempt(client.send({.target = "/version"}, 10s, 1U << 20U));
  if (!answered) {
    if (answered.error().code().kind == ErrorKind::cancelled) co_await fail(answered.error());
    co_await fail(unavailable(answered.error()));
  }
  const auto version = DockerAnswer{answered->status, answered->body}.value();
  const auto chosen = co_await choose_api_version(text_of(version["MinAPIVersion"]),
                                                  text_of(version["ApiVersion"]));
  prefix_ = "/v" + chosen;
  co_return prefix_;
}

Task<DockerAnswer> DockerApi::call(DockerCall call) {
  http::ClientRequest request{.method = call.method, .target = co_await prefix() + call.path};
  if (!call.body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = std::move(call.body);
  http::Client client(loop_, address_of(socket_));
  auto answered = co_await attempt(client.send(std::move(request), call.limit, answer_bytes_max));
  if (!answered) {
    if (answered.error().code().kind == ErrorKind::cancelled) co_await fail(answered.error());
    // It may come back as another version.
    prefix_.clear();
    co_await fail(unavailable(answered.error()));
  }
  co_return DockerAnswer{answered->status, std::move(answered->body)};
}

Task<std::unique_ptr<http::ClientExchange>> DockerApi::open(http::ClientRequest request) {
  request.target = co_await prefix() + request.target;
  http::Client client(loop_, address_of(socket_));
  auto opened = co_await attempt(client.open(std::move(request)));
  if (opened) co_return std::move(*opened);
  if (opened.error().code().kind == ErrorKind::cancelled) co_await fail(opened.error());
  prefix_.clear();
  co_await fail(unavailable(opened.error()));
  std::unreachable();
}

}  // namespace temps::runtime
