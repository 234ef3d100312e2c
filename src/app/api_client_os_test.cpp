#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/api_client.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"
#include "testbed/tls_peer.hpp"

namespace temps::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct ApiClientTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  testbed::Authority authority;
  testbed::TlsPeer server{loop,
                          {.identity = authority.issue({.names = {"localhost"}}),
                           .answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}};

  [[nodiscard]] Target target(std::string ca_file) const {
    return {.url = fmt::format("https://localhost:{}", server.address().port),
            .token = Secret("tok_1"),
            .ca_file = std::move(ca_file)};
  }
};

TASK_TEST_F(ApiClientTest, TalksToAServerWithACertificateOfAnAuthorityItWasToldOf) {
  const auto file = folder.path() / "authority.pem";
  co_await files::write_atomically(file, authority.pem());
  ApiClient client(loop, target(file));
  EXPECT_EQ(co_await client.call("GET", "/api/v1/me"), "{}");
  EXPECT_THAT(server.heard().front(), HasSubstr("Authorization: Bearer tok_1\r\n"));
  co_await server.close();
}

TASK_TEST_F(ApiClientTest, ShowsItsTokenToNobodyElse) {
  ApiClient client(loop, target({}));
  const auto answer = co_await attempt(client.call("GET", "/api/v1/me"));
  EXPECT_TRUE(!answer && answer.error().is(tls::errors::unknown_issuer));
  EXPECT_THAT(std::string(answer.error().detail()), HasSubstr("TEMPS_CA_FILE"));
  EXPECT_THAT(server.heard(), IsEmpty());
  co_await server.close();
}

}  // namespace
}  // namespace temps::app
