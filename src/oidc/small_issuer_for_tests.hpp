// A small issuer of the tests' own, for what no real one does: it signs whatever a test wants. For
// tests only.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "acme/key.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "http/server.hpp"
#include "json/json.hpp"
#include "net/loop.hpp"

namespace temps::oidc {

struct AnybodyMayAsk final : http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override { co_return http::Principal{}; }
};

class SmallIssuer {
 public:
  SmallIssuer(net::Loop& loop, const Clock& clock)
      : clock_(clock), server_(loop, router_, anybody_) {
    const auto answer = [this](const char* method, const char* path, auto body) {
      router_.raw(method, path, permissions::open,
                  [this, body](http::Request& request) -> Task<http::Response> {
                    ++asked[request.path];
                    const auto given = co_await http::read_body(request, 1U << 16U);
                    co_return (this->*body)(request, given);
                  });
    };
    answer("GET", "/.well-known/openid-configuration", &SmallIssuer::document);
    answer("GET", "/keys", &SmallIssuer::key_set);
    answer("POST", "/token", &SmallIssuer::token);
    answer("GET", "/me", &SmallIssuer::about);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    url = "http://" + listener->address().text();
    group_.emplace(loop);
    group_->start("issuer", server_.serve(std::move(*listener)));
  }
  Task<> close() { co_await group_->close(); }

  // What a test may change.
  std::string url;
  std::string calls_itself{};  // else its URL
  std::string more{};          // of its document: members with a comma before them
  std::string header = R"({"alg":"ES256","kid":"first"})";
  std::string key_id = "first";
  std::map<std::string, std::string> claims{};  // JSON texts; an empty one leaves the claim out
  std::string user_info = "{}";
  std::string refusal{};                  // of the token endpoint
  std::optional<std::string> id_token{};  // instead of a signed one
  std::string challenge{};                // of the login whose code is redeemed
  std::string nonce{};
  acme::Key key = acme::Key::generate();

  // What it was asked.
  std::map<std::string, int> asked{};
  std::string redeemed{};       // the form
  std::string authorization{};  // of the client

  [[nodiscard]] std::string signed_token() const {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch());
    std::map<std::string, std::string> all{{"iss", json::quote(url)},
                                           {"aud", R"("temps")"},
                                           {"sub", R"("s-1")"},
                                           {"nonce", json::quote(nonce)},
                                           {"iat", std::to_string(now.count())},
                                           {"exp", std::to_string(now.count() + 300)},
                                           {"email", R"("Ann@example.org")"},
                                           {"email_verified", "true"}};
    for (const auto& [name, value] : claims) all[name] = value;
    std::string text;
    for (const auto& [name, value] : all) {
      if (value.empty()) continue;
      text += fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", name, value);
    }
    const auto signed_text = to_base64url(header) + "." + to_base64url("{" + text + "}");
    return signed_text + "." + to_base64url(key.sign(signed_text));
  }

 private:
  static http::Response json(int status, std::string text) {
    return http::json_response(status, std::move(text));
  }
  http::Response document(const http::Request&, const std::string&) {
    return json(200,
                fmt::format(R"({{"issuer":"{}","authorization_endpoint":"{}/login",)"
                            R"("token_endpoint":"{}/token","jwks_uri":"{}/keys",)"
                            R"("userinfo_endpoint":"{}/me"{}}})",
                            calls_itself.empty() ? url : calls_itself, url, url, url, url, more));
  }
  http::Response key_set(const http::Request&, const std::string&) {
    return json(200, fmt::format(R"({{"keys":[{{"kid":"{}",{}]}})", key_id, key.jwk().substr(1)));
  }
  http::Response token(const http::Request& request, const std::string& form) {
    redeemed = form;
    authorization = request.headers.find("authorization").value_or("");
    if (!refusal.empty()) return json(400, refusal);
    return json(200,
                fmt::format(R"({{"access_token":"at-1","token_type":"Bearer","id_token":"{}"}})",
                            id_token.value_or(signed_token())));
  }
  http::Response about(const http::Request& request, const std::string&) {
    const bool is_known = request.headers.find("authorization") == "Bearer at-1";
    return json(is_known ? 200 : 401, user_info);
  }

  const Clock& clock_;
  AnybodyMayAsk anybody_;
  http::Router router_;
  http::Server server_;
  std::optional<TaskGroup> group_;
};

}  // namespace temps::oidc
