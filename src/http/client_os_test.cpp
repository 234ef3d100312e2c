#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "http/client.hpp"
#include "http/errors.hpp"
#include "net/errors.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"
#include "testbed/tls_peer.hpp"

namespace temps::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Another side that answers every connection with the same bytes, whatever was asked.
struct ClientTest : testing::Test {
  net::Loop loop;
  TaskGroup group{loop};
  std::string asked;

  ~ClientTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  static Task<> answer(ClientTest& self, net::Listener listener, std::string text) {
    for (;;) {
      auto socket = co_await listener.accept();
      std::array<char, 4096> bytes{};
      const auto got = co_await socket.read_some(bytes);
      self.asked.assign(bytes.data(), got);
      co_await attempt(socket.write_all(text));
      if (text.empty()) co_await attempt(sleep(1h));
    }
  }
  Client answered_with(std::string text) {
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    const auto address = listener->address();
    group.start("answer", answer(*this, std::move(*listener), std::move(text)));
    return {loop, address};
  }
  static Task<std::string> no_more() { co_return std::string{}; }
};

TASK_TEST_F(ClientTest, ReadsEveryFramingAndPassesOverInterimAnswers) {
  auto length = answered_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokGARBAGE");
  EXPECT_EQ((co_await length.send({})).body, "ok");
  auto chunked = answered_with(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
  auto created = co_await chunked.send({.method = "POST", .body = "{}"});
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body, "ok");
  EXPECT_THAT(asked, StartsWith("POST / HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(asked, EndsWith("Content-Length: 2\r\n\r\n{}"));
  auto until_close = answered_with("HTTP/1.0 200 OK\r\n\r\nto the end");
  EXPECT_EQ((co_await until_close.send({})).body, "to the end");
}

TASK_TEST_F(ClientTest, SaysWhatIsWrongWithTheOtherSide) {
  const auto code_of = [](Result<ClientResponse> result) {
    return result ? std::string("none") : std::string(result.error().code().code);
  };
  auto cut_off = answered_with("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok");
  EXPECT_EQ(code_of(co_await attempt(cut_off.send({}))), "net.broken");
  auto other = answered_with("220 mail.example ESMTP\r\n");
  EXPECT_EQ(code_of(co_await attempt(other.send({}))), "http.bad_response");
  auto large = answered_with("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789");
  EXPECT_EQ(code_of(co_await attempt(large.send({}, 1s, 8))), "http.response_too_large");
  auto silent = answered_with("");
  EXPECT_EQ(code_of(co_await attempt(silent.send({}, 50ms))), "core.timed_out");
  const net::Address closed{.host = "127.0.0.1", .port = net::free_port().value_or(1), .path = {}};
  Client nobody(loop, closed);
  EXPECT_EQ(code_of(co_await attempt(nobody.send({}))), "net.unreachable");
}

TASK_TEST_F(ClientTest, DoesNotLetACallerAddLinesToTheHead) {
  auto client = answered_with("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  auto split = co_await attempt(client.send({.target = "/a\r\nX: y"}));
  EXPECT_TRUE(!split && split.error().is(errors::bad_url));
  EXPECT_EQ(asked, "");
}

TASK_TEST_F(ClientTest, AnUpgradedConnectionCarriesBytesBothWays) {
  auto client =
      answered_with("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw");
  ClientRequest request{.method = "POST", .target = "/attach"};
  request.headers.add("Connection", "Upgrade");
  request.headers.add("Upgrade", "tcp");
  auto exchange = co_await within(1s, client.open(std::move(request)));
  EXPECT_EQ(exchange->status(), 101);
  EXPECT_EQ(co_await exchange->read(), "raw");
  EXPECT_THAT(asked, HasSubstr("Connection: Upgrade\r\n"));
}

TASK_TEST_F(ClientTest, StreamsABodyInChunks) {
  auto client = answered_with("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ClientRequest request{.method = "PUT", .body_stream = no_more};
  auto response = co_await client.send(std::move(request));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(asked, HasSubstr("Transfer-Encoding: chunked\r\n"));
}

// A server with a certificate for localhost, and the trust in who issued it.
struct SecureClientTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  testbed::Authority authority;

  Result<tls::Trust> trust() {
    const auto file = folder.path() / "authority.pem";
    if (auto done = files::write_atomically(file, authority.pem()); !done)
      return fail(done.error());
    return tls::Trust::load(file);
  }
  testbed::TlsPeerOptions answering(std::string answer) {
    return {.identity = authority.issue({.names = {"localhost"}}),
            .answer = std::move(answer),
            .alpn = "http/1.1"};
  }
  static Result<Url> url_of(const testbed::TlsPeer& peer) {
    return parse_url(fmt::format("https://localhost:{}/x", peer.address().port));
  }
};

TASK_TEST_F(SecureClientTest, SpeaksTlsToAnAddressOfHttps) {
  testbed::TlsPeer peer(loop, answering("HTTP/1.1 200 OK\r\n\r\nto the end"));
  const auto url = co_await url_of(peer);
  Client client(loop, url, co_await trust());
  const auto response = co_await client.send({.target = url.path}, 5s);
  EXPECT_EQ(response.body, "to the end");
  EXPECT_THAT(peer.heard().front(),
              StartsWith("GET /x HTTP/1.1\r\nHost: " + url.authority() + "\r\n"));
  co_await peer.close();
}

TASK_TEST_F(SecureClientTest, SendsNothingToAServerItDoesNotTrust) {
  testbed::TlsPeer peer(loop, answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  Client client(loop, co_await url_of(peer));
  const auto response = co_await attempt(client.send({}, 5s));
  EXPECT_TRUE(!response && response.error().is(tls::errors::unknown_issuer));
  EXPECT_THAT(peer.heard(), testing::IsEmpty());
  co_await peer.close();
}

TASK_TEST_F(SecureClientTest, TakesACutOffAnswerForBroken) {
  auto options = answering("HTTP/1.1 200 OK\r\n\r\nhalf of");
  options.ending = testbed::Ending::cut_off;
  testbed::TlsPeer peer(loop, std::move(options));
  Client client(loop, co_await url_of(peer), co_await trust());
  const auto response = co_await attempt(client.send({}, 5s));
  EXPECT_TRUE(!response && response.error().is(net::errors::broken));
  co_await peer.close();
}

}  // namespace
}  // namespace temps::http
