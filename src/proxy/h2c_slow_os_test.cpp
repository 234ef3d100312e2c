// Uploads by drops to apps that are asked by HTTP/2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/h2c_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

class SlowH2c : public ProxyTest {
 protected:
  std::unique_ptr<Peer> plain;
  std::unique_ptr<Http2Peer> peer;

  void serve(const Origin& origin) {
    add_app("shop.test", {origin.address()});
    table.routes.back().protocol = routing::Protocol::h2c;
    start();
    plain = std::make_unique<Peer>(client());
    peer = std::make_unique<Http2Peer>(*plain);
  }
};

// By drops, for as long as the answer does not come.
void trickle(Peer& peer) {
  for (int i = 0; i < 100 && peer.write("x"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

TEST_F(SlowH2c, AnUploadByDropsEnds) {
  std::atomic<std::uint32_t> code{NGHTTP2_NO_ERROR};
  Origin origin(
      h2c({.on_close = [&](H2cSession&, int, H2cSession::Call& call) { code = call.code; }}));
  limits.upload_idle = std::chrono::milliseconds(200);
  limits.client_bytes_per_second = 10'000;
  serve(origin);
  auto slow = client();
  slow.write("PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1000\r\n\r\n");
  trickle(slow);
  EXPECT_EQ(slow.read_message().status(), 408);
  // The app hears that nothing more comes.
  EXPECT_TRUE(eventually([&] { return code == NGHTTP2_CANCEL; }));
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  for (int i = 0; i < 100; ++i) {
    peer->write(id, "x");
    peer->send();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).status, 408);
}

// A message a minute is nothing unusual there.
TEST_F(SlowH2c, AGrpcStreamMayBeAsSlowAsItLikes) {
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, H2cSession::Call& call) {
    app.answer(id, {{":status", "200"}, {"grpc-status", std::to_string(call.body.size())}});
  }}));
  limits.upload_idle = std::chrono::milliseconds(100);
  limits.client_bytes_per_second = 10'000;
  serve(origin);
  auto head = Http2Peer::post("/");
  head.emplace_back("content-type", "application/grpc");
  const int id = peer->submit(head, Http2Peer::Body::open);
  for (int i = 0; i < 50; ++i) {
    peer->write(id, "x");
    peer->send();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  peer->end(id);
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).fields.at("grpc-status"), "50");
}

}  // namespace
}  // namespace temps::proxy::testing
