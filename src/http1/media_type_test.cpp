#include "http1/media_type.hpp"

#include <gtest/gtest.h>

namespace temps::http1 {
namespace {

TEST(MediaType, IsKnownByTheEndingInAnyCase) {
  EXPECT_EQ(content_type("index.HTML"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type("a.b/app.min.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type("LICENSE"), "application/octet-stream");
  EXPECT_EQ(content_type("x.unknown"), "application/octet-stream");
}

TEST(MediaType, TextIsWorthCompressing) {
  for (const auto* type : {"text/html; charset=utf-8", "application/json", "image/svg+xml",
                           "application/problem+json; charset=utf-8", "application/wasm"})
    EXPECT_TRUE(is_compressible(type)) << type;
  for (const auto* type : {"image/png", "video/mp4", "application/zip", "font/woff2", ""})
    EXPECT_FALSE(is_compressible(type)) << type;
}

}  // namespace
}  // namespace temps::http1
