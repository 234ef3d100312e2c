#include "proxy/trailers.hpp"

#include <gtest/gtest.h>

#include <string>

#include "proxy/http2_forward.hpp"

namespace temps::proxy {
namespace {

std::string passed_on(const Trailers& trailers) {
  std::string text;
  trailers.for_each([&](std::string_view name, std::string_view value) {
    text.append(name) += "=" + std::string(value) + ";";
  });
  return text;
}

TEST(Trailers, WhatFramesRoutesOrAuthenticatesIsNotPassedOn) {
  std::unique_ptr<Trailers> trailers;
  add_section(trailers, "\r\n");
  EXPECT_EQ(trailers, nullptr);
  for (const char c : std::string_view("grpc-status: 0\r\nContent-Length: 5\r\nhost:x\r\n"
                                       "Transfer-Encoding: chunked\r\nTE: trailers\r\nAge: 1\r\n"
                                       "Set-Cookie: a\r\nAuthorization: b\r\nX-Sum:\t1 \r\n\r\n"))
    add_section(trailers, std::string_view(&c, 1));
  EXPECT_EQ(passed_on(*trailers), "grpc-status=0;X-Sum=1;");
}

TEST(Trailers, ThatAreTooLongOrCouldAddLinesAreRefused) {
  Trailers trailers;
  EXPECT_TRUE(trailers.empty());
  EXPECT_FALSE(trailers.add("a", "b\r\nc: d"));
  EXPECT_FALSE(trailers.add("a", std::string(40'000, 'x')));
  EXPECT_TRUE(trailers.add("host", "x"));
  EXPECT_TRUE(trailers.empty());
  EXPECT_TRUE(trailers.add("a", "x"));
  EXPECT_FALSE(trailers.empty());
}

TEST(GrpcTimeout, HasANumberAndAUnit) {
  EXPECT_EQ(grpc_timeout("2H"), std::chrono::hours(2));
  EXPECT_EQ(grpc_timeout("3M"), std::chrono::minutes(3));
  EXPECT_EQ(grpc_timeout("4S"), std::chrono::seconds(4));
  EXPECT_EQ(grpc_timeout("99999999m"), milliseconds(99'999'999));
  EXPECT_EQ(grpc_timeout("1500u"), milliseconds(2));
  EXPECT_EQ(grpc_timeout("1n"), milliseconds(1));
  for (const auto* wrong : {"", "1", "S", "-1S", "1.5S", "1s", "999999999S"})
    EXPECT_EQ(grpc_timeout(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace temps::proxy
