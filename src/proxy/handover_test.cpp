// The messages between a proxy and its successor.
#include "proxy/handover.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "proxy/errors.hpp"

namespace temps::proxy {
namespace {

using ::testing::HasSubstr;

TicketKeys::Key key() {
  TicketKeys::Key made{};
  made.name.fill(1);
  made.encryption.fill(2);
  made.authentication.fill(0xff);
  made.made = std::chrono::steady_clock::now() - std::chrono::hours(1);
  return made;
}

TEST(HandoverMessages, AnOfferComesAsItWasSent) {
  const Offer offer{.handover = 1,
                    .table = 12,
                    .listeners = {{":80", "[::]:80", false, 4}, {":443", "[::]:443", true, 3}},
                    .tickets = {key()}};
  EXPECT_EQ(offer.sockets(), 8U);
  const auto read = decode_offer(encode(offer));
  ASSERT_TRUE(read.has_value()) << read.error().detail();
  EXPECT_EQ(read->handover, 1);
  EXPECT_EQ(read->table, 12);
  ASSERT_EQ(read->listeners.size(), 2U);
  EXPECT_EQ(read->listeners[1].asked, ":443");
  EXPECT_TRUE(read->listeners[1].tls);
  EXPECT_EQ(read->listeners[1].count, 3U);
  ASSERT_EQ(read->tickets.size(), 1U);
  EXPECT_EQ(read->tickets[0].encryption, key().encryption);
  EXPECT_EQ(read->tickets[0].authentication, key().authentication);
  EXPECT_EQ(read->tickets[0].made, offer.tickets[0].made);
}

TEST(HandoverMessages, AnOfferHasLimits) {
  const auto refusal = [](const Offer& offer) {
    const auto read = decode_offer(encode(offer));
    return read ? std::string("taken") : std::string(read.error().detail());
  };
  EXPECT_THAT(refusal({.listeners = {{":80", "[::]:80", false, 5000}}}), HasSubstr("5000 sockets"));
  EXPECT_THAT(refusal({.listeners = {{":80", "[::]:80", false, 4000}, {":81", "", false, 97}}}),
              HasSubstr("more than 4097"));
  EXPECT_THAT(refusal({.listeners = {{":80", "[::]:80", false, 0}}}), HasSubstr("0 sockets"));
  EXPECT_THAT(refusal({.tickets = std::vector<TicketKeys::Key>(17)}), HasSubstr("more than 16"));
  EXPECT_THAT(refusal({.error = std::string(handover_line_bytes_max, 'x')}), HasSubstr("offer"));
  const auto short_key = decode_offer(R"({"tickets":[{"name":"ab"}]})");
  ASSERT_FALSE(short_key.has_value());
  EXPECT_TRUE(short_key.error().is(errors::bad_handover));
}

TEST(HandoverMessages, AKeyFromTheFutureIsNewAtMost) {
  auto late = key();
  late.made = std::chrono::steady_clock::now() + std::chrono::hours(100);
  const auto read = decode_offer(encode(Offer{.tickets = {late}}));
  ASSERT_TRUE(read.has_value());
  EXPECT_LE(read->tickets[0].made, std::chrono::steady_clock::now());
}

TEST(HandoverMessages, StepsAreKnownOnes) {
  EXPECT_EQ(encode(HandoverStep{.step = HandoverStep::Kind::yours}),
            "{\"step\":\"yours\",\"error\":\"\"}\n");
  EXPECT_EQ(decode_step(R"({"step":"serving"})")->step, HandoverStep::Kind::serving);
  EXPECT_EQ(decode_step(R"({"step":"failed","error":"why"})")->error, "why");
  EXPECT_FALSE(decode_step(R"({"step":"dance"})").has_value());
  EXPECT_FALSE(decode_step("").has_value());
}

}  // namespace
}  // namespace temps::proxy
