// What the audit log keeps of requests that carry secrets: each is made as programs and browsers
// make it, with the real modules, and the tables are searched for what must not be there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/layout.hpp"
#include "app/local_access.hpp"
#include "app/modules.hpp"
#include "app/surroundings.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "http/dispatch.hpp"
#include "http/journal.hpp"
#include "identity/fixture_for_tests.hpp"
#include "identity/identity.hpp"
#include "identity/password_resets.hpp"
#include "identity/totp.hpp"
#include "json/json.hpp"
#include "runtime/process_runtime.hpp"
#include "testbed/database.hpp"

namespace temps::app {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class TextBody final : public http::BodyReader {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  Task<std::string_view> read() override {
    co_return std::exchange(was_read_, true) ? std::string_view{} : std::string_view(text_);
  }

 private:
  std::string text_;
  bool was_read_ = false;
};

struct Recorded {
  std::string operation;
  std::string actor;
  std::string email;
  std::string credential_name;
  std::string project;
};

struct RecordedSecretsTest : testbed::DatabaseTest {
  files::TemporaryFolder folder;
  ServeOptions options{.data = folder.path(), .database_url = fresh.url()};
  std::unique_ptr<Surroundings> around = std::make_unique<Surroundings>(
      loop, options,
      std::make_unique<runtime::ProcessRuntime>(
          loop,
          runtime::ProcessOptions{.data_folder = folder.path(), .shim_program = "/bin/false"}));
  std::optional<Services> services;
  std::optional<LocalAccess> access;
  std::vector<std::string> secrets;  // none of them may be in the log

  static constexpr const char* email = "ann@example.org";
  static constexpr const char* password = "correct-horse-7";

  RecordedSecretsTest() {
    const auto made = loop.run(make());
    EXPECT_TRUE(made.has_value()) << made.error().detail();
  }
  ~RecordedSecretsTest() override {
    access.reset();
    services.reset();
    EXPECT_TRUE(loop.run(around->database.close()).has_value());
    around.reset();
  }
  Task<> make() {
    co_await files::make_folder(Layout{folder.path()}.route_table().parent_path());
    co_await sql::migrate(around->database, migrations());
    auto built = build_services(*around);
    services.emplace(co_await std::move(built));
    start_modules(*services, *around);
    access.emplace(services->get<http::Authenticator>());
    secrets.emplace_back(password);
  }

  // As a browser, or with a key.
  Task<http::Response> send(std::string method, std::string path, std::string text = {},
                            std::string key = {}) {
    http::Request request{
        .method = std::move(method), .path = "/api/v1" + path, .headers = {}, .id = "r1"};
    request.client_address = "192.0.2.1";
    request.headers.add("Sec-Fetch-Site", "same-origin");
    if (!key.empty()) request.headers.add("Authorization", "Bearer " + key);
    if (key.empty() && !cookie.empty()) request.headers.add("Cookie", cookie);
    if (!text.empty()) request.headers.add("Content-Type", "application/json");
    TextBody body(std::move(text));
    request.body = &body;
    auto response =
        co_await http::dispatch(around->router, *access, request, &services->get<http::Journal>());
    if (const auto set = response.headers.find("Set-Cookie")) {
      cookie = std::string(set->substr(0, set->find(';')));
      keep(cookie.substr(cookie.find('=') + 1));
    }
    co_return response;
  }
  Task<http::Response> expect(int status, std::string method, std::string path,
                              std::string text = {}, std::string key = {}) {
    auto response = co_await send(method, path, std::move(text), std::move(key));
    EXPECT_EQ(response.status, status) << method << " " << path << ": " << response.body;
    co_return response;
  }
  std::string keep(std::string secret) {
    EXPECT_GT(secret.size(), 5U);
    secrets.push_back(secret);
    return secret;
  }
  // The text at this name of an answer, which the log must not hold.
  std::string secret_at(const http::Response& response, std::string_view name,
                        std::string_view inside = {}) {
    const auto document = json::decode<json::Value>(response.body);
    if (!document) return {};
    const auto part = inside.empty() ? *document : (*document)[inside];
    return keep(std::string(part[name].as_string().value_or("")));
  }

  Task<> set_up() {
    const auto token = co_await services->get<identity::Identity>().setup_token();
    co_await expect(201, "POST", "/setup",
                    fmt::format(R"({{"token":"{}","email":"{}","password":"{}"}})",
                                keep(token->reveal()), email, password));
  }
  static std::string login(std::string_view rest = {}) {
    return fmt::format(R"({{"email":"{}","password":"{}"{}}})", email, password, rest);
  }
  Task<std::string> everything() {
    constexpr sql::Query<std::string> all{
        "recorded_secrets_test.all",
        "select coalesce((select string_agg(e::text, ' ') from audit_entries e), '') || "
        "coalesce((select string_agg(o::text, ' ') from audit_outcomes o), '')"};
    co_return co_await around->database.one(all);
  }
  Task<std::vector<Recorded>> recorded() {
    constexpr sql::Query<Recorded> all{
        "recorded_secrets_test.recorded",
        "select operation, actor, email, credential_name, project from audit_entries order by id"};
    co_return co_await around->database.all(all);
  }
  Task<> expect_recorded(std::vector<std::string> operations) {
    std::vector<std::string> found;
    for (const auto& entry : co_await recorded()) found.push_back(entry.operation);
    EXPECT_THAT(found, IsSupersetOf(operations));
    const auto log = co_await everything();
    for (const auto& secret : secrets) EXPECT_THAT(log, Not(HasSubstr(secret)));
  }

  std::string cookie;
};

TASK_TEST_F(RecordedSecretsTest, OfLoginsAndAccounts) {
  co_await set_up();
  const auto by_program = co_await expect(201, "POST", "/sessions", login(R"(,"token":true)"));
  secret_at(by_program, "token");
  co_await expect(401, "POST", "/sessions",
                  fmt::format(R"({{"email":"{}","password":"{}"}})", email, keep("wrong-horse-8")));
  const auto changed =
      fmt::format(R"({{"current":"{}","password":"{}"}})", password, keep("correct-horse-9"));
  co_await expect(201, "PUT", "/me/password", changed);
  co_await expect(
      201, "POST", "/users",
      fmt::format(R"({{"email":"bob@example.org","password":"{}"}})", keep("bobs-battery-1")));
  const auto reset = co_await services->get<identity::PasswordResets>().issue("bob@example.org");
  co_await expect(204, "POST", "/password-resets/accept",
                  fmt::format(R"({{"token":"{}","password":"{}"}})", keep(reset.reveal()),
                              keep("bobs-battery-2")));
  const auto invited = co_await expect(201, "POST", "/invitations",
                                       R"({"email":"eve@example.org","role":"viewer"})");
  co_await expect(201, "POST", "/invitations/accept",
                  fmt::format(R"({{"token":"{}","password":"{}"}})", secret_at(invited, "token"),
                              keep("eves-staple-1")));
  co_await expect_recorded({"complete_setup", "log_in", "change_password", "create_user",
                            "accept_password_reset", "create_invitation", "accept_invitation"});
}

TASK_TEST_F(RecordedSecretsTest, OfTheSecondFactor) {
  co_await set_up();
  const auto enrolled = co_await expect(201, "POST", "/me/second-factor",
                                        fmt::format(R"({{"password":"{}"}})", password));
  const auto key = identity::SignInFixture::key_of(secret_at(enrolled, "secret"));
  secret_at(enrolled, "uri");
  const auto step = identity::totp_step(SystemClock{}.now());
  const auto confirmed =
      co_await expect(201, "POST", "/me/second-factor/confirm",
                      fmt::format(R"({{"code":"{}"}})", identity::totp_code(key, step)));
  const auto codes = json::decode<json::Value>(confirmed.body);
  const auto listed = (*codes)["recovery_codes"].items();
  EXPECT_EQ(listed.size(), 10U);
  for (const auto& code : listed) keep(std::string(code.as_string().value_or("")));
  const auto recovery = secrets.back();
  const auto begun = co_await expect(202, "POST", "/sessions", login());
  const auto pending = secret_at(begun, "token", "second_factor");
  // It opens nothing but the second step.
  co_await expect(401, "GET", "/me", {}, pending);
  co_await expect(
      201, "POST", "/sessions/second-factor",
      fmt::format(R"({{"token":"{}","code":"{}"}})", pending, identity::totp_code(key, step + 1)));
  const auto renewed =
      co_await expect(201, "POST", "/me/second-factor/recovery-codes",
                      fmt::format(R"({{"password":"{}","code":"{}"}})", password, recovery));
  const auto fresh = json::decode<json::Value>(renewed.body);
  for (const auto& code : (*fresh)["recovery_codes"].items()) {
    keep(std::string(code.as_string().value_or("")));
  }
  co_await expect_recorded({"enrol_second_factor", "confirm_second_factor", "log_in",
                            "complete_login", "renew_recovery_codes"});
}

TASK_TEST_F(RecordedSecretsTest, OfKeysTokensAndDevices) {
  co_await set_up();
  const auto key = co_await expect(201, "POST", "/api-keys", R"({"name":"laptop"})");
  const auto own = secret_at(key, "token");
  co_await expect(201, "POST", "/projects", R"({"name":"shop"})", own);
  const auto account =
      co_await expect(201, "POST", "/service-accounts", R"({"name":"robot","role":"developer"})");
  const auto id = json::decode<json::Value>(account.body);
  const auto service =
      fmt::format("/service-accounts/{}/api-keys", (*id)["id"].as_integer().value_or(0));
  secret_at(co_await expect(201, "POST", service, R"({"name":"robot's"})"), "token");
  const auto token = co_await expect(201, "POST", "/projects/shop/tokens", R"({"name":"ci"})");
  co_await send("POST", "/projects/shop/redeploy", "{}", secret_at(token, "token"));
  const auto begun = co_await expect(201, "POST", "/device-authorizations", R"({"name":"tool"})");
  const auto device = fmt::format(R"({{"device_code":"{}"}})", secret_at(begun, "device_code"));
  const auto user_code = json::decode<json::Value>(begun.body);
  const auto code = std::string((*user_code)["user_code"].as_string().value_or(""));
  // Asking alone is no change.
  co_await send("POST", "/device-tokens", R"({"device_code":"of-nobody"})");
  co_await expect(204, "POST", "/device-logins/" + code + "/approve");
  secret_at(co_await expect(201, "POST", "/device-tokens", device), "token");
  co_await access->publish(folder.path() / "local");
  const auto local = co_await files::read(folder.path() / "local");
  co_await expect(204, "DELETE", "/projects/shop", {}, keep(std::string(trimmed(local))));
  co_await expect_recorded({"create_api_key", "create_service_key", "create_token", "redeploy",
                            "begin_device_login", "approve_device_login", "collect_device_token",
                            "delete_project"});

  std::map<std::string, Recorded> last;
  int collected = 0;
  for (auto& entry : co_await recorded()) {
    if (entry.operation == "collect_device_token") ++collected;
    last[entry.operation] = std::move(entry);
  }
  EXPECT_EQ(collected, 1);
  EXPECT_EQ(last["create_project"].actor, "key");
  EXPECT_EQ(last["create_project"].credential_name, "laptop");
  EXPECT_EQ(last["create_token"].actor, "session");
  EXPECT_EQ(last["create_token"].email, email);
  EXPECT_EQ(last["create_token"].project, "shop");
  EXPECT_EQ(last["redeploy"].actor, "token");
  EXPECT_EQ(last["redeploy"].credential_name, "ci");
  EXPECT_EQ(last["collect_device_token"].email, email);
  EXPECT_EQ(last["delete_project"].actor, "machine");
}

TASK_TEST_F(RecordedSecretsTest, OfLoginProviders) {
  co_await set_up();
  co_await expect(400, "POST", "/login-providers",
                  fmt::format(R"({{"name":"corp","label":"Corp","issuer":"http://id.example.org",)"
                              R"("client_id":"temps","client_secret":"{}"}})",
                              keep("client-secret-1")));
  co_await expect(404, "PATCH", "/login-providers/corp",
                  fmt::format(R"({{"client_secret":"{}"}})", keep("client-secret-2")));
  co_await expect(410, "POST", "/provider-logins/complete",
                  fmt::format(R"({{"provider":"corp","state":"{}","code":"{}"}})",
                              keep("state-of-a-login-3"), keep("code-of-a-login-4")));
  co_await expect(404, "POST", "/me/login-links",
                  fmt::format(R"({{"provider":"corp","password":"{}"}})", password));
  co_await expect_recorded(
      {"add_login_provider", "change_login_provider", "complete_provider_login", "begin_own_link"});
}

TASK_TEST_F(RecordedSecretsTest, OfVariablesSettingsAndUploads) {
  co_await set_up();
  co_await expect(201, "POST", "/projects", R"({"name":"shop"})");
  const std::string variables = "/projects/shop/environments/production/variables";
  co_await expect(200, "PUT", variables + "/TOKEN",
                  fmt::format(R"({{"value":"{}","kind":"secret"}})", keep("s3cret-value-1")));
  co_await expect(200, "PATCH", variables,
                  fmt::format(R"({{"set":{{"OTHER":{{"value":"{}","kind":"secret"}}}},)"
                              R"("remove":[]}})",
                              keep("s3cret-value-2")));
  const auto shown = co_await expect(200, "POST", variables + "/TOKEN/reveal");
  EXPECT_THAT(shown.body, HasSubstr("s3cret-value-1"));
  co_await expect(
      200, "PATCH", "/projects/shop/settings",
      fmt::format(R"({{"basic_auth":"staff:{}","build_arguments":{{"NPM_TOKEN":"{}"}}}})",
                  keep("let-me-in-3"), keep("npm-token-4")));
  co_await send("PATCH", "/projects/shop/settings", R"({"wait_seconds":7})");
  co_await send("POST", "/dns-providers",
                fmt::format(R"({{"zone":"example.org","kind":"cloudflare","key":"{}"}})",
                            keep("dns-token-5")));
  co_await send("POST", "/certificates",
                fmt::format(R"({{"chain":"none","key":"{}"}})", keep("private-key-6")));
  co_await send("PUT", "/projects/shop/source",
                fmt::format(R"({{"url":"https://203.0.113.1/shop.git","token":"{}"}})",
                            keep("read-token-8")));
  co_await send("PUT", "/projects/shop/registries",
                fmt::format(R"({{"host":"203.0.113.1:5000","user":"ann","password":"{}"}})",
                            keep("pull-password-9")));
  // It stands where it should not.
  co_await send("PUT", "/projects/shop/source",
                fmt::format(R"({{"url":"https://ann:{}@203.0.113.1/shop.git"}})",
                            keep("pasted-password-10")));
  std::string upload;
  for (int i = 0; i < 10'000; ++i) upload += "a-source-file-7 ";
  keep("a-source-file-7");
  co_await send("POST", "/projects/shop/deployments", upload);
  co_await expect_recorded({"set_variable", "change_variables", "reveal_variable",
                            "change_settings", "add_provider", "upload_certificate", "set_source",
                            "set_registry", "upload"});
}

}  // namespace
}  // namespace temps::app
