#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "testbed/http_peer.hpp"

namespace temps::testbed {
namespace {

struct HttpPeerTest : testing::Test {
  net::Loop loop;
};

TASK_TEST_F(HttpPeerTest, GivesItsAnswersInOrderAndRepeatsTheLast) {
  const std::string first = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
  const std::string last = "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n2";
  HttpPeer peer(loop, {first, last});
  auto connection = co_await net::connect(loop, peer.address());
  co_await connection.write_all("POST /a HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody");
  co_await connection.write_all("GET /b HTTP/1.1\r\n\r\n");
  EXPECT_EQ(co_await connection.read_to_end(1000), first + last);
  auto another = co_await net::connect(loop, peer.address());
  co_await another.write_all("GET /c HTTP/1.1\r\n\r\n");
  EXPECT_EQ(co_await another.read_to_end(1000), last);
  EXPECT_EQ(peer.requests().size(), 3U);
  EXPECT_EQ(peer.requests().at(0).body, "body");
  EXPECT_EQ(peer.requests().at(1).target, "/b");
  EXPECT_EQ(peer.requests().at(2).method, "GET");
  co_await peer.close();
}

}  // namespace
}  // namespace temps::testbed
