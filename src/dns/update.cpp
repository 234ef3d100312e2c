#include "dns/update.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "dns/errors.hpp"

namespace temps::dns {
namespace {

constexpr std::size_t header_bytes = 12;
constexpr std::uint16_t opcode_update = 5U << 11U;
constexpr std::uint16_t answer_bit = 0x8000;
constexpr std::uint16_t type_soa = 6;
constexpr std::uint16_t type_txt = 16;
constexpr std::uint16_t type_tsig = 250;
constexpr std::uint16_t class_in = 1;
constexpr std::uint16_t class_none = 254;
constexpr std::uint16_t class_any = 255;
constexpr std::uint32_t seconds_to_live = 60;
constexpr std::uint16_t fudge_seconds = 300;
constexpr std::string_view algorithm = "hmac-sha256";
constexpr std::size_t label_bytes_max = 63;
constexpr std::size_t name_bytes_max = 255;
constexpr std::size_t text_bytes_max = 255;

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) {
    out += static_cast<char>(number >> (8U * static_cast<unsigned>(i)));
  }
}
void put16(std::string& out, std::uint64_t number) { put(out, number, 2); }

// What is signed besides the message (RFC 8945 4.3.3), of a request and of an answer.
struct Stamp {
  std::uint64_t seconds = 0;
  std::uint16_t fudge = fudge_seconds;
  std::uint16_t error = 0;
  std::string other{};
};
std::string variables(const std::string& key_name, const Stamp& stamp) {
  std::string out = key_name;
  put16(out, class_any);
  put(out, 0, 4);
  out += wire_name(algorithm).value();
  put(out, stamp.seconds, 6);
  put16(out, stamp.fudge);
  put16(out, stamp.error);
  put16(out, stamp.other.size());
  return out + stamp.other;
}

// Reads a message from front to back; nothing more once it has failed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const char c : take(count)) value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view take(std::size_t count) {
    if (failed_ || bytes_.size() - at_ < count) {
      failed_ = true;
      return {};
    }
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  // As it stands there; a pointer ends a name.
  std::string_view name() {
    const auto begin = at_;
    for (;;) {
      const auto size = number(1);
      if (failed_ || size == 0) break;
      if (size >= 0xc0) {
        take(1);
        break;
      }
      take(size);
    }
    return failed_ ? std::string_view{} : bytes_.substr(begin, at_ - begin);
  }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

// The signature at the end of an answer.
struct Signature {
  std::size_t begin = 0;  // where its record begins
  std::string key_name{};
  Stamp stamp{};
  std::string mac{};
};
std::optional<Signature> find_signature(std::string_view answer) {
  Reader reader(answer);
  reader.take(4);
  const auto questions = reader.number(2);
  const auto records = reader.number(2) + reader.number(2) + reader.number(2);
  for (std::uint64_t i = 0; i < questions && !reader.failed(); ++i) {
    reader.name();
    reader.take(4);
  }
  Signature found;
  for (std::uint64_t i = 0; i < records && !reader.failed(); ++i) {
    found.begin = reader.at();
    found.key_name = lowered(reader.name());
    const auto type = reader.number(2);
    const auto record_class = reader.number(2);
    const auto to_live = reader.number(4);
    const auto data = reader.take(reader.number(2));
    if (type != type_tsig || i + 1 != records) continue;
    if (record_class != class_any || to_live != 0) return std::nullopt;
    Reader inside(data);
    if (lowered(inside.name()) != wire_name(algorithm).value()) return std::nullopt;
    found.stamp.seconds = inside.number(6);
    found.stamp.fudge = static_cast<std::uint16_t>(inside.number(2));
    found.mac = inside.take(inside.number(2));
    inside.take(2);  // the id before somebody changed it on the way
    found.stamp.error = static_cast<std::uint16_t>(inside.number(2));
    found.stamp.other = inside.take(inside.number(2));
    if (inside.failed() || reader.failed()) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

std::string reason(std::uint64_t code, std::uint16_t signature_error, const Key& key) {
  constexpr std::uint64_t refused = 5;
  constexpr std::uint64_t not_authoritative = 9;
  constexpr std::uint64_t not_in_zone = 10;
  constexpr std::uint16_t bad_time = 18;
  if (signature_error == bad_time) return "the clocks differ; set that of this machine";
  if (signature_error != 0) {
    return fmt::format("it does not know the key {} or has another secret for it", key.name);
  }
  if (code == refused) return fmt::format("allow the key {} to change TXT records", key.name);
  if (code == not_authoritative || code == not_in_zone) {
    return fmt::format("it is not the primary server of the zone, or does not know the key {}",
                       key.name);
  }
  return fmt::format("its code is {}", code);
}

}  // namespace

Result<std::string> wire_name(std::string_view name) {
  std::string out;
  if (name.ends_with('.')) name.remove_suffix(1);
  for (const auto label : split(name, '.')) {
    if (label.empty() || label.size() > label_bytes_max) {
      return fail(errors::bad_provider, "\"{}\" is not a name", name);
    }
    out += static_cast<char>(label.size());
    out += lowered(label);
  }
  out += '\0';
  if (out.size() > name_bytes_max) return fail(errors::bad_provider, "\"{}\" is too long", name);
  return out;
}

Result<Signed> signed_update(const Update& update, const Key& key, Instant now) {
  const auto zone = wire_name(update.zone);
  const auto name = wire_name(update.record.name);
  const auto key_name = wire_name(key.name);
  for (const auto* each : {&zone, &name, &key_name}) {
    if (!*each) return fail(each->error());
  }
  const auto& text = update.record.text;
  if (text.size() > text_bytes_max) return fail(errors::bad_provider, "the text is too long");
  std::string message;
  put16(message, update.id);
  put16(message, opcode_update);
  put16(message, 1);  // zone
  put16(message, 0);
  put16(message, 1);  // changes
  put16(message, 0);
  message += *zone;
  put16(message, type_soa);
  put16(message, class_in);
  message += *name;
  put16(message, type_txt);
  put16(message, update.change == Change::add ? class_in : class_none);
  put(message, update.change == Change::add ? seconds_to_live : 0, 4);
  put16(message, text.size() + 1);
  message += static_cast<char>(text.size());
  message += text;
  const Stamp stamp{.seconds = static_cast<std::uint64_t>(
                        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count())};
  auto mac = crypto::hmac_sha256(key.secret.reveal(), message + variables(*key_name, stamp));
  std::string data = wire_name(algorithm).value();
  put(data, stamp.seconds, 6);
  put16(data, stamp.fudge);
  put16(data, mac.size());
  data += mac;
  put16(data, update.id);
  put16(data, 0);
  put16(data, 0);
  message[header_bytes - 1] = 1;  // one record more: the signature
  message += *key_name;
  put16(message, type_tsig);
  put16(message, class_any);
  put(message, 0, 4);
  put16(message, data.size());
  return Signed{.message = message + data, .mac = std::move(mac)};
}

Result<> check_answer(std::string_view answer, const Update& update, const Key& key,
                      std::string_view request_mac) {
  Reader head(answer);
  const auto id = head.number(2);
  const auto flags = head.number(2);
  if (answer.size() < header_bytes || id != update.id || (flags & answer_bit) == 0) {
    return fail(errors::bad_answer, "the name server answers something else");
  }
  const auto signature = find_signature(answer);
  const auto signature_error = signature ? signature->stamp.error : std::uint16_t{0};
  // A refusal may come without a signature; nothing is believed by it.
  if (const auto code = flags & 0xfU; code != 0 || signature_error != 0) {
    return fail(errors::refused, "the name server refuses to change {}: {}", update.zone,
                reason(code, signature_error, key));
  }
  const auto key_name = wire_name(key.name);
  if (!signature || !key_name || signature->key_name != *key_name) {
    return fail(errors::bad_answer, "the name server's answer is not signed");
  }
  std::string unsigned_answer(answer.substr(0, signature->begin));
  const auto additional = static_cast<unsigned>(static_cast<unsigned char>(answer[10])) << 8U |
                          static_cast<unsigned char>(answer[11]);
  unsigned_answer[10] = static_cast<char>((additional - 1) >> 8U);
  unsigned_answer[11] = static_cast<char>(additional - 1);
  std::string covered;
  put16(covered, request_mac.size());
  covered += request_mac;
  covered += unsigned_answer;
  covered += variables(*key_name, signature->stamp);
  const auto expected = crypto::hmac_sha256(key.secret.reveal(), covered);
  if (!crypto::equal_in_constant_time(expected, signature->mac)) {
    return fail(errors::bad_answer, "the name server's answer is signed by somebody else");
  }
  return {};
}

}  // namespace temps::dns
