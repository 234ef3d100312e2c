#include "deploys/health.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "deploys/errors.hpp"
#include "http/client.hpp"
#include "net/socket.hpp"

namespace temps::deploys {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 200ms;
constexpr int polls_before_other_port =
    10;  // the app gets two seconds to open the port it was told

std::string host_of(std::string_view address) {
  return std::string(address.substr(0, address.rfind(':')));
}

bool contains(const std::vector<std::uint16_t>& ports, std::uint16_t port) {
  return std::ranges::find(ports, port) != ports.end();
}

std::string list_ports(const std::vector<std::uint16_t>& ports) {
  std::vector<std::string> names;
  for (const auto port : ports) names.push_back(std::to_string(port));
  return join(names, ", ");
}

Error exited(const runtime::State& state) {
  if (state.out_of_memory) {
    return {errors::exited,
            "the app ran out of memory; give it more with: temps project set NAME memory_mb=1024"};
  }
  return {
      errors::exited,
      fmt::format("the app ended with exit code {} before it answered; its last lines are above",
                  state.exit_code)};
}

struct Watch {
  net::Loop& loop;
  runtime::Runtime& runtime;
  runtime::Instance instance;
  HealthCheck check;
  std::string address;
  bool other_port = false;
  int polls = 0;
  int successes = 0;
  std::string last_answer = "no answer";
  runtime::State state{};

  Task<bool> poll();
  Task<> consider_other_port();
  [[nodiscard]] Error give_up() const;
};

// The app was told its port in PORT. One that opened exactly one other is served there; in a
// container that is safe.
Task<> Watch::consider_other_port() {
  if (polls < polls_before_other_port || successes > 0 || state.listening.empty()) co_return;
  if (contains(state.listening, instance.port)) co_return;
  if (runtime.name() != "docker") {
    co_await fail(
        errors::wrong_port,
        "the app listens on port {} but was told {} in the variable PORT; let it listen on "
        "process.env.PORT (or the like of your language)",
        list_ports(state.listening), instance.port);
  }
  if (state.listening.size() == 1 && !state.listens_on_loopback_only) {
    address = fmt::format("{}:{}", host_of(instance.address), state.listening.front());
    other_port = true;
  }
}

// One round; true when the app is ready.
Task<bool> Watch::poll() {
  ++polls;
  state = co_await runtime.inspect(instance.id);
  if (state.status != runtime::Status::running) co_await fail(exited(state));
  if (!state.address.empty() && !other_port) address = state.address;
  const auto answer = co_await ask_health(loop, address, check);
  // When the whole time ends while the app is asked, what it said before tells more.
  co_await check_cancelled();
  last_answer = answer.text;
  if (answer.status > 0 && is_healthy(check.path, answer.status)) {
    ++successes;
  } else {
    successes = 0;
  }
  if (successes == 0) co_await consider_other_port();
  co_return successes >= check.successes_wanted;
}

Error Watch::give_up() const {
  std::string ports;
  if (state.listens_on_loopback_only) {
    ports = "; it listens on 127.0.0.1 inside its container only: let it listen on 0.0.0.0";
  } else if (!contains(state.listening, instance.port)) {
    ports = state.listening.empty()
                ? "; it listens on no port"
                : fmt::format("; it listens on port {}", list_ports(state.listening));
  }
  return {errors::unhealthy,
          fmt::format("the app did not become healthy within {} s on port {} (PORT): {}{}. If it "
                      "needs longer: temps project set NAME health_seconds=600; if another path "
                      "shows that it is well: health_path=/up; what it prints: temps logs NAME",
                      check.total.count(), instance.port, last_answer, ports)};
}

Task<> until_ready(Watch& watch) {
  while (!co_await watch.poll()) co_await sleep(pause);
}

}  // namespace

bool is_healthy(std::string_view path, int status) {
  if (path.empty()) return status < 500;
  return status >= 200 && status < 400;
}

namespace {

// What an HTTP/2 server says first to a client that begins with the preface: its SETTINGS, as a
// frame of 9 bytes and more (RFC 9113 §3.4 and §4.1).
Task<bool> greets_in_http2(net::Loop& loop, std::string address) {
  constexpr std::string_view hello{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33};
  constexpr std::string_view begin_of_settings{"\4\0\0\0\0\0", 6};
  constexpr std::size_t length_bytes = 3;
  auto socket = co_await net::connect(loop, co_await net::parse_address(address));
  co_await socket.write_all(hello);
  std::array<char, length_bytes + begin_of_settings.size()> head{};
  std::size_t filled = 0;
  while (filled < head.size()) {
    const auto got = co_await socket.read_some(std::span(head).subspan(filled));
    if (got == 0) co_return false;
    filled += got;
  }
  co_return std::string_view(head.data(), head.size()).substr(length_bytes) == begin_of_settings;
}

Task<Answer> ask_by_http2(net::Loop& loop, std::string address, HealthCheck check) {
  constexpr int as_good_as = 200;
  auto greets = co_await attempt(within(check.answer_time, greets_in_http2(loop, address)));
  if (!greets) co_return Answer{.text = std::string(greets.error().detail())};
  if (!*greets) co_return Answer{.text = "the app does not speak HTTP/2 without TLS (h2c)"};
  co_return Answer{.status = as_good_as, .text = "the app greets in HTTP/2"};
}

Task<Answer> ask_by_http1(net::Loop& loop, std::string address, HealthCheck check) {
  const std::string target = check.path.empty() ? "/" : check.path;
  http::Client client(loop, co_await net::parse_address(address));
  http::ClientRequest request{.target = target, .host = check.host};
  request.headers.add("User-Agent", "Temps health check");
  auto exchange = co_await attempt(within(check.answer_time, client.open(std::move(request))));
  if (!exchange) co_return Answer{.text = std::string(exchange.error().detail())};
  const auto status = (*exchange)->status();
  co_return Answer{.status = status, .text = fmt::format("GET {} answered {}", target, status)};
}

}  // namespace

// A path is asked for by HTTP/1.1, whatever else the app speaks.
Task<Answer> ask_health(net::Loop& loop, std::string address, HealthCheck check) {
  using projects::Protocol;
  const bool is_any_path = check.path.empty();
  if (is_any_path && check.protocol == Protocol::h2c) {
    auto greeting = co_await ask_by_http2(loop, address, check);
    co_return greeting;
  }
  auto answer = co_await ask_by_http1(loop, address, check);
  if (answer.status == 0 && is_any_path && check.protocol == Protocol::auto_) {
    auto greeting = co_await ask_by_http2(loop, address, check);
    if (greeting.status != 0) co_return greeting;
  }
  co_return answer;
}

Task<Healthy> wait_until_healthy(net::Loop& loop, runtime::Runtime& runtime,
                                 runtime::Instance instance, HealthCheck check) {
  Watch watch{loop, runtime, instance, check, instance.address};
  auto ready = co_await attempt(within(check.total, until_ready(watch)));
  if (!ready) {
    const bool late = ready.error().is(temps::errors::timed_out);
    co_await fail(late ? watch.give_up() : ready.error());
  }
  co_return Healthy{watch.address, watch.last_answer, watch.other_port};
}

}  // namespace temps::deploys
