#include "routing/access_record.hpp"

#include <gtest/gtest.h>

#include <string>

namespace temps::routing {
namespace {

using std::chrono::microseconds;

AccessRecord full() {
  return {.time = Instant{microseconds{1'700'000'000'123'456}},
          .duration = microseconds{1500},
          .upstream = microseconds{1200},
          .status = 503,
          .sent_bytes = 10'000'000'000,
          .received_bytes = 7,
          .protocol = 20,
          .is_tls = true,
          .method = "POST",
          .host = "shop.example.com",
          .path = "/a%20b",
          .client = "2001:db8::1",
          .user_agent = std::string_view("cu\0rl", 5),
          .referrer = "https://example.com/",
          .request_id = "0123456789abcdef0123456789abcdef",
          .release = "shop/production/12",
          .visitor = "v"};
}

TEST(AccessRecord, IsReadAsItWasWritten) {
  const auto record = full();
  std::string bytes;
  encode(bytes, record);
  const auto read = decode_access_record(bytes).value();
  EXPECT_EQ(read.time, record.time);
  EXPECT_EQ(read.duration, record.duration);
  EXPECT_EQ(read.upstream, record.upstream);
  EXPECT_EQ(read.status, record.status);
  EXPECT_EQ(read.sent_bytes, record.sent_bytes);
  EXPECT_EQ(read.received_bytes, record.received_bytes);
  EXPECT_EQ(read.protocol, record.protocol);
  EXPECT_TRUE(read.is_tls);
  EXPECT_EQ(read.method, record.method);
  EXPECT_EQ(read.host, record.host);
  EXPECT_EQ(read.path, record.path);
  EXPECT_EQ(read.client, record.client);
  EXPECT_EQ(read.user_agent, record.user_agent);
  EXPECT_EQ(read.referrer, record.referrer);
  EXPECT_EQ(read.request_id, record.request_id);
  EXPECT_EQ(read.release, record.release);
  EXPECT_EQ(read.visitor, record.visitor);
}

TEST(AccessRecord, WhatVisitorsChooseIsCut) {
  auto record = full();
  const std::string long_text(20'000, 'x');
  record.path = record.user_agent = record.referrer = long_text;
  std::string bytes;
  encode(bytes, record);
  EXPECT_LT(bytes.size(), 2000U);
  const auto read = decode_access_record(bytes).value();
  EXPECT_EQ(read.path.size(), access_path_bytes_max);
  EXPECT_EQ(read.user_agent.size(), access_text_bytes_max);
  EXPECT_EQ(read.release, record.release);
}

TEST(AccessRecord, OneThatIsCutShortIsRefusedAndOneWithMoreIsNot) {
  std::string bytes;
  encode(bytes, full());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_access_record(std::string_view(bytes).substr(0, size))) << size;
  EXPECT_TRUE(decode_access_record(bytes + "a field of tomorrow"));
  bytes.front() = 2;
  EXPECT_FALSE(decode_access_record(bytes));
}

}  // namespace
}  // namespace temps::routing
