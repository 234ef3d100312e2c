#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "net/errors.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"
#include "testbed/tls_peer.hpp"
#include "tls/tls.hpp"

namespace temps::tls {
namespace {

using namespace std::chrono_literals;
using testbed::Ending;
using testbed::TlsPeer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

struct Tls : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  testbed::Authority authority;

  Result<Trust> trust() {
    const auto file = folder.path() / "authority.pem";
    if (auto written = files::write_atomically(file, authority.pem()); !written) {
      return fail(written.error());
    }
    return Trust::load(file);
  }
  testbed::TlsPeerOptions good(std::string answer = "hello") {
    return {.identity = authority.issue({.names = {"localhost", "127.0.0.1", "*.example.org"}}),
            .answer = std::move(answer)};
  }
  Task<Stream> connect(net::Address address, Trust trusted, Wanted wanted) {
    auto socket = co_await net::connect(loop, std::move(address));
    co_return co_await within(5s, Stream::connect(std::move(socket), trusted, std::move(wanted)));
  }
  // What connecting to a peer with these options fails with; the peer is gone afterwards.
  Task<Error> refusal(testbed::TlsPeerOptions options, Trust trusted, Wanted wanted) {
    TlsPeer peer(loop, std::move(options));
    auto stream = co_await attempt(connect(peer.address(), std::move(trusted), std::move(wanted)));
    co_await peer.close();
    co_return stream ? Error(temps::errors::internal, "it connected") : stream.error();
  }
  static Task<std::string> read_all(Stream& stream) {
    std::string all;
    std::array<char, 4096> bytes{};
    for (;;) {
      const auto got = co_await stream.read_some(bytes);
      if (got == 0) co_return all;
      all.append(bytes.data(), got);
    }
  }
};

TASK_TEST_F(Tls, CarriesBytesBothWaysAndSaysWhomItWants) {
  TlsPeer peer(loop, good());
  for (const auto* host : {"localhost", "127.0.0.1", "shop.example.org"}) {
    auto stream = co_await connect(peer.address(), co_await trust(), {.host = host});
    EXPECT_EQ(stream.protocol(), "TLSv1.3");
    EXPECT_EQ(stream.alpn(), "");
    co_await stream.write_all("ping\r\n\r\n");
    EXPECT_EQ(co_await read_all(stream), "hello");
    stream.close();
    EXPECT_TRUE((co_await attempt(stream.write_all("x"))).error().is(net::errors::closed));
  }
  EXPECT_THAT(peer.names(), ElementsAre("localhost", "", "shop.example.org"));
  EXPECT_EQ(peer.heard().front(), "ping\r\n\r\n");
  co_await peer.close();
}

TASK_TEST_F(Tls, CarriesMoreThanOneRecord) {
  const std::string much(1'000'000, 'x');
  TlsPeer peer(loop, good(much));
  auto stream = co_await connect(peer.address(), co_await trust(), {.host = "localhost"});
  co_await stream.write_all(much + "\r\n\r\n");
  EXPECT_EQ(co_await read_all(stream), much);
  EXPECT_EQ(peer.heard().front().size(), much.size() + 4);
  co_await peer.close();
}

TASK_TEST_F(Tls, SpeaksVersion12WithACurrentCipher) {
  auto options = good();
  options.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  TlsPeer peer(loop, options);
  auto stream = co_await connect(peer.address(), co_await trust(), {.host = "localhost"});
  EXPECT_EQ(stream.protocol(), "TLSv1.2");
  co_await peer.close();
  options.ciphers = "ECDHE-ECDSA-AES128-SHA";
  const auto error = co_await refusal(options, co_await trust(), {.host = "localhost"});
  EXPECT_TRUE(error.is(errors::handshake_failed)) << error.detail();
}

TASK_TEST_F(Tls, AgreesOnAProtocol) {
  auto options = good();
  options.alpn = "http/1.1";
  TlsPeer peer(loop, options);
  auto stream = co_await connect(peer.address(), co_await trust(),
                                 {.host = "localhost", .alpn = {"h3", "http/1.1"}});
  EXPECT_EQ(stream.alpn(), "http/1.1");
  co_await peer.close();
  const auto error =
      co_await refusal(options, co_await trust(), {.host = "localhost", .alpn = {"h3"}});
  EXPECT_TRUE(error.is(errors::handshake_failed)) << error.detail();
}

TASK_TEST_F(Tls, TrustsNobodyItWasNotToldOf) {
  const auto error = co_await refusal(good(), co_await Trust::load(), {.host = "localhost"});
  EXPECT_TRUE(error.is(errors::unknown_issuer));
  EXPECT_THAT(std::string(error.detail()),
              AllOf(HasSubstr("Authority of a test"), HasSubstr("TEMPS_CA_FILE")));
}

TASK_TEST_F(Tls, NamesTheNamesOfACertificateForAnother) {
  for (const auto* host : {"example.org", "a.b.example.org", "127.0.0.2"}) {
    const auto error = co_await refusal(good(), co_await trust(), {.host = host});
    EXPECT_TRUE(error.is(errors::wrong_name)) << host;
    EXPECT_THAT(std::string(error.detail()),
                AllOf(HasSubstr("localhost, *.example.org"), HasSubstr(host)));
  }
}

TASK_TEST_F(Tls, RefusesACertificateOutsideItsTime) {
  auto options = good();
  options.identity = authority.issue({.names = {"localhost"}, .begins = -48h, .ends = -24h});
  const auto late = co_await refusal(options, co_await trust(), {.host = "localhost"});
  EXPECT_TRUE(late.is(errors::expired));
  EXPECT_THAT(std::string(late.detail()), HasSubstr("has expired"));
  options.identity = authority.issue({.names = {"localhost"}, .begins = 24h, .ends = 48h});
  const auto early = co_await refusal(options, co_await trust(), {.host = "localhost"});
  EXPECT_TRUE(early.is(errors::expired));
  EXPECT_THAT(std::string(early.detail()), HasSubstr("clock"));
}

TASK_TEST_F(Tls, TakesACutOffAnswerForNoEnd) {
  auto options = good();
  options.ending = Ending::cut_off;
  TlsPeer peer(loop, options);
  auto stream = co_await connect(peer.address(), co_await trust(), {.host = "localhost"});
  co_await stream.write_all("\r\n\r\n");
  const auto all = co_await attempt(read_all(stream));
  EXPECT_TRUE(!all && all.error().is(net::errors::broken));
  co_await peer.close();
}

TASK_TEST_F(Tls, SaysThatTheOtherSideDoesNotSpeakIt) {
  auto listener = co_await net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
  TaskGroup group(loop);
  group.start("plain", [](net::Listener& on) -> Task<> {
    auto first = co_await on.accept();
    co_await first.write_all("HTTP/1.1 400 Bad Request\r\n\r\n");
    auto second = co_await on.accept();
    second.close();
    auto third = co_await on.accept();
    co_await sleep(1h);
  }(listener));
  const auto plain =
      co_await attempt(connect(listener.address(), co_await trust(), {.host = "localhost"}));
  EXPECT_TRUE(!plain && plain.error().is(errors::handshake_failed));
  EXPECT_THAT(std::string(plain.error().detail()), HasSubstr("http://"));
  const auto closed =
      co_await attempt(connect(listener.address(), co_await trust(), {.host = "localhost"}));
  EXPECT_TRUE(!closed && closed.error().is(net::errors::broken));
  const auto silent = co_await attempt(
      within(50ms, connect(listener.address(), co_await trust(), {.host = "localhost"})));
  EXPECT_TRUE(!silent && silent.error().is(temps::errors::timed_out));
  co_await group.close();
}

TASK_TEST_F(Tls, RefusesAFileWithoutCertificates) {
  const auto file = folder.path() / "empty.pem";
  co_await files::write_atomically(file, "nothing here\n");
  for (const auto& path : {file, folder.path() / "missing.pem"}) {
    const auto loaded = Trust::load(path);
    EXPECT_TRUE(!loaded && loaded.error().is(errors::bad_ca_file));
    EXPECT_THAT(std::string(loaded.error().detail()), HasSubstr(path.filename().string()));
  }
}

}  // namespace
}  // namespace temps::tls
