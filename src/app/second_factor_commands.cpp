// temps second-factor status, enable, disable.
#include <optional>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/terminal.hpp"

namespace temps::app {

namespace {

constexpr const char* path = "/api/v1/me/second-factor";

struct State {
  bool enabled;
  std::int64_t recovery_codes_left;
};
struct Password {
  std::string password;
};
struct Enrolment {
  std::string secret;
  std::string uri;
};
struct Code {
  std::string code;
};
struct Proof {
  std::string password;
  std::string code;
};
struct Codes {
  std::vector<std::string> recovery_codes;
};

Task<> show(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path);
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto state = co_await json::decode<State>(text);
  print(state.enabled ? fmt::format("The second factor is on; {} recovery codes are left.",
                                    state.recovery_codes_left)
                      : "The second factor is off.");
}

Task<> enable(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto password = co_await ask_secret("Password");
  const auto enrolment =
      co_await client.post<Enrolment>(path, Password{.password = password.reveal()});
  note("Put this secret into an authenticator app, or open the address on the phone:");
  note("  " + enrolment.secret);
  note("  " + enrolment.uri);
  const auto code = co_await ask("Code that the app shows");
  const auto codes = co_await client.post<Codes>(fmt::format("{}/confirm", path), Code{code});
  note("The second factor is on. Each of these recovery codes replaces the app once; keep them:");
  for (const auto& one : codes.recovery_codes) print(one);
}

Task<> disable(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto password = co_await ask_secret("Password");
  const auto code = co_await ask("Code that the app shows, or a recovery code");
  co_await client.call("POST", fmt::format("{}/disable", path),
                       json::encode(Proof{password.reveal(), code}));
  print("The second factor is off.");
}

}  // namespace

Result<> show_second_factor(const Common& common) {
  net::Loop loop;
  return loop.run(show(loop, common));
}
Result<> enable_second_factor(const Common& common) {
  net::Loop loop;
  return loop.run(enable(loop, common));
}
Result<> disable_second_factor(const Common& common) {
  net::Loop loop;
  return loop.run(disable(loop, common));
}

}  // namespace temps::app
