#include "devices/devices.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/text.hpp"
#include "devices/errors.hpp"

namespace temps::devices {
namespace {

using namespace std::chrono_literals;
using identity::UserId;

struct DevicesTest : testing::Test {
  FakeClock clock;
  Devices devices{clock};
  static constexpr UserId ann{7};

  Begun begin(const std::string& address = "203.0.113.7") {
    return devices.begin("laptop", address).value();
  }
  ErrorCode poll(const Begun& begun) {
    auto result = devices.collect(begun.device_code.reveal());
    return result ? ErrorCode{"ok", ErrorKind::internal, ""} : result.error().code();
  }
};

TEST_F(DevicesTest, WhoIsApprovedIsLoggedInOnce) {
  const auto begun = begin();
  EXPECT_EQ(poll(begun).code, errors::pending.code);
  EXPECT_EQ(devices.find(ann, begun.user_code)->name, "laptop");
  EXPECT_TRUE(devices.approve(ann, begun.user_code));
  const auto approved = devices.collect(begun.device_code.reveal());
  ASSERT_TRUE(approved);
  EXPECT_EQ(approved->user, ann);
  EXPECT_EQ(poll(begun).code, errors::expired.code);
}

TEST_F(DevicesTest, CodesAreReadAsPeopleTypeThem) {
  const auto begun = begin();
  auto typed = lowered(begun.user_code);
  typed.erase(4, 1);
  EXPECT_TRUE(devices.find(ann, typed));
  EXPECT_TRUE(devices.find(ann, typed.substr(0, 4) + " - " + typed.substr(4)));
  EXPECT_FALSE(devices.find(ann, ""));
}

TEST_F(DevicesTest, ADecisionIsFinal) {
  const auto begun = begin();
  EXPECT_TRUE(devices.deny(ann, begun.user_code));
  EXPECT_TRUE(devices.approve(ann, begun.user_code).error().is(errors::no_such_code));
  EXPECT_EQ(poll(begun).code, errors::denied.code);
}

TEST_F(DevicesTest, ItEndsAfterTenMinutes) {
  const auto begun = begin();
  clock.advance(10min);
  EXPECT_EQ(poll(begun).code, errors::expired.code);
  EXPECT_TRUE(devices.approve(ann, begun.user_code).error().is(errors::no_such_code));
}

TEST_F(DevicesTest, WhoPollsTooFastIsSlowedDown) {
  const auto begun = begin();
  EXPECT_EQ(poll(begun).code, errors::pending.code);
  EXPECT_EQ(poll(begun).code, errors::slow_down.code);
  clock.advance(Devices::interval);
  EXPECT_EQ(poll(begun).code, errors::slow_down.code);
  clock.advance(60s);
  EXPECT_EQ(poll(begun).code, errors::pending.code);
}

TEST_F(DevicesTest, GuessingIsEnded) {
  const auto begun = begin();
  for (std::uint32_t i = 0; i < Devices::guesses_max; ++i) {
    EXPECT_TRUE(devices.find(ann, "BBBB-BBBB").error().is(errors::no_such_code));
  }
  EXPECT_TRUE(devices.find(ann, begun.user_code).error().is(errors::too_many));
  EXPECT_TRUE(devices.find(UserId{8}, begun.user_code));
  clock.advance(Devices::guess_window);
  EXPECT_TRUE(devices.find(ann, begin().user_code));
}

TEST_F(DevicesTest, OneNetworkHasFewLogins) {
  for (std::size_t i = 0; i < Devices::waiting_of_network_max; ++i) begin();
  EXPECT_TRUE(devices.begin("laptop", "203.0.113.7").error().is(errors::too_many));
  EXPECT_TRUE(devices.begin("laptop", "198.51.100.1"));
  clock.advance(20min);
  EXPECT_TRUE(devices.begin("laptop", "203.0.113.7"));
}

TEST_F(DevicesTest, ANameIsShownAsItIsAndSoMustBePrintable) {
  EXPECT_TRUE(devices.begin("", "::1").error().is(errors::bad_name));
  EXPECT_TRUE(devices.begin("a\nb", "::1").error().is(errors::bad_name));
}

TEST(UserCode, IsRandomAndEasyToRead) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto code = new_user_code();
    ASSERT_EQ(code.size(), 9U);
    EXPECT_EQ(code[4], '-');
    EXPECT_EQ(code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ-"), std::string::npos) << code;
    seen.insert(code);
  }
  EXPECT_EQ(seen.size(), 200U);
}

}  // namespace
}  // namespace temps::devices
