#include "dns/update.hpp"

#include <gmock/gmock.h>

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "dns/errors.hpp"

namespace temps::dns {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

const Key key{.name = "temps", .secret = Secret("secret")};
const Update update{
    .id = 0x1234, .zone = "b.test", .record = {.name = "_a.b.test", .text = "proof"}};
constexpr Instant now{std::chrono::seconds{1'700'000'000}};

// What a name server says that has the key `secret`; the signature has fields of fixed places.
std::string answer_of(const Signed& asked, const std::string& secret, int code = 0) {
  const auto key_name = "\5temps\0"s;
  const auto algorithm = "\x0bhmac-sha256\0"s;
  const auto time = "\0\0\x65\x53\xf1\0\1\x2c"s;
  std::string head = "\x12\x34\xa8"s + static_cast<char>(code);
  const std::string counts = "\0\1\0\0\0\0\0"s;
  const std::string zone = "\1b\4test\0\0\6\0\1"s;
  const auto plain = head + counts + "\0"s + zone;
  const auto covered =
      "\0\x20"s + asked.mac + plain + key_name + "\0\xff\0\0\0\0"s + algorithm + time + "\0\0\0\0"s;
  const auto mac = crypto::hmac_sha256(secret, covered);
  const auto data = algorithm + time + "\0\x20"s + mac + "\x12\x34\0\0\0\0"s;
  return head + counts + "\1"s + zone + key_name + "\0\xfa\0\xff\0\0\0\0\0"s +
         static_cast<char>(data.size()) + data;
}

TEST(WireName, IsLabelsWithTheirLengths) {
  EXPECT_EQ(wire_name("A.bc."), "\1a\2bc\0"s);
  for (const auto& bad : {""s, "a..b"s, std::string(64, 'a'), "."s}) {
    EXPECT_FALSE(wire_name(bad).has_value()) << bad;
  }
  std::string longest = "a";
  while (longest.size() < 300) longest += ".a";
  EXPECT_FALSE(wire_name(longest).has_value());
}

TEST(SignedUpdate, AddsOneRecordAndSignsIt) {
  const auto made = signed_update(update, key, now);
  ASSERT_TRUE(made.has_value());
  const auto plain =
      "\x12\x34\x28\0\0\1\0\0\0\1\0\1"
      "\1b\4test\0\0\6\0\1"
      "\2_a\1b\4test\0\0\x10\0\1\0\0\0\x3c\0\6\5proof"s;
  EXPECT_EQ(made->message.substr(0, plain.size()), plain);
  EXPECT_THAT(made->message, HasSubstr(made->mac));
  EXPECT_THAT(made->message, Not(HasSubstr("secret")));
}

TEST(SignedUpdate, RemovesThisRecordOnly) {
  auto wanted = update;
  wanted.change = Change::remove;
  const auto made = signed_update(wanted, key, now);
  EXPECT_THAT(made->message, HasSubstr("\0\x10\0\xfe\0\0\0\0\0\6\5proof"s));
}

TEST(UpdateAnswer, CountsWhenItIsSignedByWhoHasTheKey) {
  const auto made = signed_update(update, key, now);
  const auto good = answer_of(*made, "secret");
  const auto checked = check_answer(good, update, key, made->mac);
  EXPECT_TRUE(checked.has_value()) << checked.error().detail();
  const auto forged = answer_of(*made, "guess");
  EXPECT_TRUE(check_answer(forged, update, key, made->mac).error().is(errors::bad_answer));
  auto other = update;
  other.id = 7;
  EXPECT_TRUE(check_answer(good, other, key, made->mac).error().is(errors::bad_answer));
}

TEST(UpdateAnswer, OfWhateverBytesNeverCounts) {
  const auto made = signed_update(update, key, now);
  const auto good = answer_of(*made, "secret");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(check_answer(good.substr(0, size), update, key, made->mac).has_value()) << size;
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    // The one field that is not covered: whoever passes a message on may change its id.
    const auto original_id = good.size() - 6;
    if (at == original_id || at == original_id + 1) continue;
    EXPECT_FALSE(check_answer(changed, update, key, made->mac).has_value()) << at;
  }
}

TEST(UpdateAnswer, SaysWhyItWasRefused) {
  const auto made = signed_update(update, key, now);
  const auto refused = check_answer(answer_of(*made, "secret", 5), update, key, made->mac);
  EXPECT_TRUE(refused.error().is(errors::refused));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("allow the key temps"));
}

}  // namespace
}  // namespace temps::dns
