// What pebble does not do: an authority that misbehaves, limits, advises, or is overloaded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "acme/acme.hpp"
#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "testbed/authority.hpp"
#include "testbed/http_peer.hpp"
#include "testbed/tls_peer.hpp"
#include "tls/tls.hpp"

namespace temps::acme {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

std::string answer(std::string_view status, std::string_view body, std::string_view fields = {}) {
  return fmt::format(
      "HTTP/1.1 {}\r\nReplay-Nonce: n0nce\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n{}",
      status, fields, body.size(), body);
}

std::string problem(std::string_view status, std::string_view type, std::string_view fields = {}) {
  return answer(
      status,
      fmt::format(R"({{"type":"urn:ietf:params:acme:error:{}","detail":"its words"}})", type),
      fields);
}

struct NoSolver final : Solver {
  Task<> present(Answer /*answer*/) override { co_return; }
  Task<> remove(Answer /*answer*/) override { co_return; }
};

struct ScriptedAuthority : testing::Test {
  net::Loop loop;
  FakeClock clock;
  // What comes at which path, the last one again and again; HEAD gets a nonce.
  std::map<std::string, std::vector<std::string>> answers;
  testbed::HttpPeer peer{loop, [this](const auto& request) { return next(request); }};
  Client client{loop, clock, options()};
  Account account{.key = Key::generate(), .url = peer.url() + "/account/1"};
  NoSolver solver;

  ScriptedAuthority() {
    answers["/directory"] = {answer(
        "200 OK",
        fmt::format(
            R"({{"newNonce":"{0}/nonce","newAccount":"{0}/accounts","newOrder":"{0}/orders",)"
            R"("revokeCert":"{0}/revoke","renewalInfo":"{0}/renewal"}})",
            peer.url()))};
  }
  [[nodiscard]] Options options() const {
    return {.directory_url = peer.url() + "/directory",
            .request_time_max = 2s,
            .check_time_max = 3s,
            .issue_time_max = 3s};
  }
  std::string next(const testbed::HttpPeer::Request& request) {
    if (request.method == "HEAD") return answer("200 OK", "");
    auto& left = answers[request.target];
    if (left.empty()) return answer("404 Not Found", "");
    auto first = left.front();
    if (left.size() > 1) left.erase(left.begin());
    return first;
  }
  [[nodiscard]] std::string order(std::string_view status, std::string_view more = {}) const {
    return fmt::format(
        R"({{"status":"{1}","identifiers":[{{"type":"dns","value":"a.example.org"}}],)"
        R"("authorizations":["{0}/z/1"],"finalize":"{0}/f/1"{2}}})",
        peer.url(), status, more);
  }
  [[nodiscard]] std::string created(std::string_view body) const {
    return answer("201 Created", body, fmt::format("Location: {}/o/1\r\n", peer.url()));
  }
  static std::string authorization(std::string_view status) {
    return answer("200 OK",
                  fmt::format(R"({{"status":"{}","challenges":[],)"
                              R"("identifier":{{"type":"dns","value":"a.example.org"}}}})",
                              status));
  }
  Task<Error> why_not() {
    auto issued = co_await attempt(client.obtain(account, {.names = {"a.example.org"}}, solver));
    co_return issued ? Error(temps::errors::internal, "it was issued") : issued.error();
  }
};

TASK_TEST_F(ScriptedAuthority, SaysWhenToComeAgain) {
  answers["/orders"] = {problem("429 Too Many Requests", "rateLimited", "Retry-After: 3600\r\n")};
  const auto by_seconds = co_await why_not();
  EXPECT_TRUE(by_seconds.is(errors::rate_limited));
  EXPECT_EQ(by_seconds.retry_after(), 1h);
  EXPECT_THAT(std::string(by_seconds.detail()), HasSubstr("its words"));
  // The clock of the test stands at Tue, 14 Nov 2023 22:13:20 GMT.
  answers["/orders"] = {answer("503 Service Unavailable", "<html>",
                               "Retry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n")};
  const auto by_date = co_await why_not();
  EXPECT_TRUE(by_date.is(errors::failed));
  EXPECT_EQ(by_date.retry_after(), 60s);
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, AdvisesOnRenewal) {
  answers["/renewal/aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"] = {
      answer("200 OK",
             R"({"suggestedWindow":{"start":"2025-01-02T04:00:00Z","end":"2025-01-03T04:00:00Z"},)"
             R"("explanationURL":"https://ca.example/why"})",
             "Retry-After: 21600\r\n")};
  const auto window = co_await client.renewal_window("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
  EXPECT_EQ(to_rfc3339(window.start), "2025-01-02T04:00:00.000Z");
  EXPECT_EQ(window.end - window.start, 24h);
  EXPECT_EQ(window.explanation_url, "https://ca.example/why");
  EXPECT_EQ(window.ask_again_in, 6h);
  answers["/renewal/x"] = {answer(
      "200 OK",
      R"({"suggestedWindow":{"start":"2025-01-03T04:00:00Z","end":"2025-01-02T04:00:00Z"}})")};
  const auto backwards = co_await attempt(client.renewal_window("x"));
  EXPECT_TRUE(!backwards && backwards.error().is(errors::bad_answer));
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, OrdersAnewWhatWasReplacedAlready) {
  answers["/orders"] = {problem("409 Conflict", "alreadyReplaced"),
                        problem("403 Forbidden", "rejectedIdentifier")};
  const auto issued = co_await attempt(
      client.obtain(account, {.names = {"a.example.org"}, .replaces = "aYhb.AIdl"}, solver));
  EXPECT_TRUE(!issued && issued.error().is(errors::rejected_name));
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, IsToldFromWhatIsNone) {
  for (const auto& body : {std::string("<html>hello</html>"), std::string("[]"), std::string("{}"),
                           std::string(400'000, ' '), std::string(1000, '[')}) {
    answers["/directory"] = {answer("200 OK", body)};
    const auto known = co_await attempt(client.directory());
    EXPECT_TRUE(!known && known.error().is(errors::bad_answer)) << body.substr(0, 20);
    EXPECT_THAT(std::string(known.error().detail()), HasSubstr("directory"));
  }
  answers["/directory"] = {"220 mail.example ESMTP\r\nConnection: close\r\n\r\n"};
  const auto other = co_await attempt(client.directory());
  EXPECT_TRUE(!other && other.error().is(errors::bad_answer));
  answers["/directory"] = {answer("404 Not Found", "")};
  EXPECT_TRUE((co_await attempt(client.directory())).error().is(errors::refused));
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, CannotNameWhatIsNoName) {
  for (const auto* name : {"a.example.org,IP:1.2.3.4", "../etc", "", "10.0.0.1"}) {
    answers["/orders"] = {created(replaced(order("pending"), "a.example.org", name))};
    const auto error = co_await why_not();
    EXPECT_TRUE(error.is(errors::bad_answer)) << name;
  }
  answers["/orders"] = {created(replaced(order("pending"), "http://127", "gopher://127"))};
  EXPECT_TRUE((co_await why_not()).is(errors::bad_answer));
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, CannotLeadUsFromHttpsToHttp) {
  const testbed::Authority ca;
  testbed::TlsPeer secure(loop, {.identity = ca.issue({.names = {"localhost"}}),
                                 .answer = answers["/directory"].front()});
  files::TemporaryFolder folder;
  co_await files::write_atomically(folder.path() / "ca.pem", ca.pem());
  Client careful(
      loop, clock,
      {.directory_url = fmt::format("https://localhost:{}/directory", secure.address().port),
       .trust = co_await tls::Trust::load(folder.path() / "ca.pem")});
  const auto made =
      co_await attempt(careful.create_account(Key::generate(), {.agrees_to_terms = true}));
  EXPECT_TRUE(!made && made.error().is(errors::bad_answer));
  EXPECT_THAT(peer.requests(), testing::IsEmpty());
  co_await secure.close();
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, IsAskedAgainWhileItHasTroubles) {
  answers["/orders"] = {created(order("pending"))};
  answers["/z/1"] = {authorization("valid")};
  answers["/o/1"] = {
      answer("200 OK", order("ready")), answer("502 Bad Gateway", "<html>"),
      answer("200 OK", order("processing"), "Retry-After: 0\r\n"),
      answer("200 OK", order("invalid", R"(,"error":{"type":"urn:ietf:params:acme:error:caa",)"
                                        R"("detail":"its words"})"))};
  answers["/f/1"] = {answer("200 OK", order("processing"))};
  const auto error = co_await why_not();
  EXPECT_TRUE(error.is(errors::caa)) << error.code().code << error.detail();
  EXPECT_THAT(std::string(error.detail()), AllOf(HasSubstr("its words"), HasSubstr("CAA records")));
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, DoesNotKeepUsForever) {
  answers["/orders"] = {created(order("pending"))};
  answers["/z/1"] = {authorization("valid")};
  answers["/o/1"] = {answer("200 OK", order("processing"))};
  const auto error = co_await why_not();
  EXPECT_TRUE(error.is(errors::timed_out));
  EXPECT_THAT(std::string(error.detail()), HasSubstr("a.example.org is not there yet after 3 s"));
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, CannotGiveUsAnothersCertificate) {
  const testbed::Authority ca;
  answers["/orders"] = {created(order("pending"))};
  answers["/z/1"] = {authorization("valid")};
  answers["/o/1"] = {
      answer("200 OK", order("valid", fmt::format(R"(,"certificate":"{}/c/1")", peer.url())))};
  for (const auto& chain : {ca.issue({.names = {"a.example.org"}}).chain, std::string("nothing"),
                            std::string(200'000, 'x')}) {
    answers["/c/1"] = {answer("200 OK", chain)};
    const auto error = co_await why_not();
    EXPECT_TRUE(error.is(errors::bad_certificate) || error.is(errors::bad_answer))
        << error.code().code;
  }
  co_await peer.close();
}

TASK_TEST_F(ScriptedAuthority, IsNotAskedForeverForNonces) {
  answers["/orders"] = {problem("400 Bad Request", "badNonce")};
  const auto error = co_await why_not();
  EXPECT_TRUE(error.is(errors::failed));
  EXPECT_LT(peer.requests().size(), 25U);
  co_await peer.close();
}

}  // namespace
}  // namespace temps::acme
