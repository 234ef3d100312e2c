#include "identity/device.hpp"

#include <gtest/gtest.h>

namespace temps::identity {
namespace {

TEST(Device, IsNamedInPlainWords) {
  EXPECT_EQ(device_name("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
            "Firefox on Linux");
  EXPECT_EQ(device_name("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
                        "Gecko) Chrome/126.0.0.0 Safari/537.36"),
            "Chrome on Windows");
  EXPECT_EQ(device_name("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
                        "Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"),
            "Edge on Windows");
  EXPECT_EQ(device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 "
                        "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
            "Safari on an iPhone");
  EXPECT_EQ(device_name("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, "
                        "like Gecko) Version/17.5 Safari/605.1.15"),
            "Safari on macOS");
  EXPECT_EQ(device_name("curl/8.5.0"), "curl");
}

TEST(Device, ThatIsNotUnderstoodIsUnknown) {
  for (const auto* text : {"", "Mozilla/5.0", "<script>alert(1)</script>", "\x01\xff", "a b/c"}) {
    EXPECT_EQ(device_name(text), "Unknown device") << text;
  }
  EXPECT_EQ(device_name(std::string(100'000, 'x')), "Unknown device");
}

}  // namespace
}  // namespace temps::identity
