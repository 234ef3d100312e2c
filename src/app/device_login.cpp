#include "app/device_login.hpp"

#include <unistd.h>

#include <array>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct NewDevice {
  std::string name;
};
struct Authorization {
  std::string device_code;
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;
  std::int64_t expires_in;
  std::int64_t interval;
};
struct TokenWish {
  std::string device_code;
};
struct Issued {
  std::string token;
};
struct Problem {
  std::string code;
  std::string detail;
};

constexpr std::chrono::seconds slow_down_step{5};

std::string decision_path(const std::string& code, std::string_view decision) {
  return fmt::format("/api/v1/device-logins/{}{}", percent_encoded(code), decision);
}

Task<Secret> poll(ApiClient& client, Authorization login) {
  auto pause = std::chrono::seconds(login.interval);
  for (;;) {
    co_await sleep(pause);
    auto answer = co_await attempt(
        client.ask("POST", "/api/v1/device-tokens", json::encode(TokenWish{login.device_code})));
    // A server that is away for a moment is asked again; the whole has a limit.
    if (!answer && answer.error().code().kind != ErrorKind::unavailable) {
      co_await fail(answer.error());
    }
    if (!answer || answer->status >= 500) continue;
    if (answer->status < 400) {
      co_return Secret((co_await json::decode<Issued>(answer->body)).token);
    }
    const auto problem =
        json::decode<Problem>(answer->body, {.missing = json::Missing::default_value});
    if (problem && problem->code == "devices.pending") continue;
    if (problem && problem->code == "devices.slow_down") {
      pause += slow_down_step;
      continue;
    }
    co_await fail(errors::not_logged_in, "{}", problem ? problem->detail : "the login failed");
  }
}

Task<> decide(net::Loop& loop, Common common, std::string code, std::string decision) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("POST", decision_path(code, "/" + decision));
  done(common.format, decision == "approve" ? "Approved: it is logged in as you." : "Denied.");
}

struct WaitingDevice {
  std::string code;
  std::string name;
  std::string address;
};

Task<> show(net::Loop& loop, Common common, std::string code) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", decision_path(code, ""));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto waiting = co_await json::decode<WaitingDevice>(text);
  print(fmt::format("{}: \"{}\" from {}", waiting.code, waiting.name, waiting.address));
}

}  // namespace

std::string device_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return fmt::format("temps login on {}", name.data());
}

Task<Secret> token_by_device(net::Loop& loop, std::string url) {
  ApiClient client(loop, {url, Secret{}, client_ca_file()});
  const auto login = co_await client.post<Authorization>("/api/v1/device-authorizations",
                                                         NewDevice{device_name()});
  say(fmt::format("Open {} in a browser that is logged in, and confirm the code",
                  login.verification_uri));
  say(fmt::format("    {}", login.user_code));
  note(fmt::format("or open {}", login.verification_uri_complete));
  note(fmt::format("Waiting for {} minutes; Ctrl-C ends it.", login.expires_in / 60));
  auto token =
      co_await attempt(within(std::chrono::seconds(login.expires_in + 5), poll(client, login)));
  if (!token && token.error().is(temps::errors::timed_out)) {
    co_await fail(errors::not_logged_in, "nobody confirmed the login; begin anew: temps login {}",
                  url);
  }
  co_return co_await std::move(token);
}

Result<> decide_device(const Common& common, const std::string& code, const std::string& decision) {
  net::Loop loop;
  return loop.run(decide(loop, common, code, decision));
}
Result<> show_device(const Common& common, const std::string& code) {
  net::Loop loop;
  return loop.run(show(loop, common, code));
}

}  // namespace temps::app
