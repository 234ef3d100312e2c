#include "routing/access_record.hpp"

#include <array>

namespace temps::routing {
namespace {

constexpr std::uint64_t version = 1;
// Bits of the flags.
constexpr std::uint64_t with_tls = 1;
constexpr std::uint64_t with_upstream = 2;

void write(std::string& out, std::uint64_t number) {
  std::array<char, 10> bytes;
  std::size_t count = 0;
  for (; number >= 0x80; number >>= 7U) bytes[count++] = static_cast<char>(number | 0x80U);
  bytes[count++] = static_cast<char>(number);
  out.append(bytes.data(), count);
}

void write(std::string& out, std::string_view text, std::size_t bytes_max) {
  text = text.substr(0, bytes_max);
  write(out, text.size());
  out += text;
}

std::uint64_t count_of(std::chrono::microseconds time) {
  return time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count());
}

// Goes bad at the first thing that is not there, and stays so.
class Parts {
 public:
  explicit Parts(std::string_view rest) : rest_(rest) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }
  std::string_view text() {
    const auto size = number();
    if (size > rest_.size()) good_ = false;
    if (!good_) return {};
    const auto text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  std::chrono::microseconds time() {
    const auto count = number();
    constexpr std::uint64_t year_2286 = 10'000'000'000'000'000;
    if (count >= year_2286) good_ = false;
    return std::chrono::microseconds{good_ ? static_cast<std::int64_t>(count) : 0};
  }
  [[nodiscard]] bool is_good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

void encode(std::string& out, const AccessRecord& record) {
  write(out, version);
  write(out, (record.is_tls ? with_tls : 0) | (record.upstream ? with_upstream : 0));
  write(out, count_of(record.time.time_since_epoch()));
  write(out, count_of(record.duration));
  if (record.upstream) write(out, count_of(*record.upstream));
  write(out, record.status);
  write(out, record.protocol);
  write(out, record.sent_bytes);
  write(out, record.received_bytes);
  write(out, record.method, access_text_bytes_max);
  write(out, record.host, access_text_bytes_max);
  write(out, record.path, access_path_bytes_max);
  write(out, record.client, access_text_bytes_max);
  write(out, record.user_agent, access_text_bytes_max);
  write(out, record.referrer, access_text_bytes_max);
  write(out, record.request_id, access_text_bytes_max);
  write(out, record.release, access_text_bytes_max);
  write(out, record.visitor, access_text_bytes_max);
}

std::optional<AccessRecord> decode_access_record(std::string_view bytes) {
  Parts parts(bytes);
  if (parts.number() != version) return std::nullopt;
  const auto flags = parts.number();
  AccessRecord record;
  record.is_tls = (flags & with_tls) != 0;
  record.time = Instant(parts.time());
  record.duration = parts.time();
  if ((flags & with_upstream) != 0) record.upstream = parts.time();
  const auto status = parts.number();
  const auto protocol = parts.number();
  record.sent_bytes = parts.number();
  record.received_bytes = parts.number();
  record.method = parts.text();
  record.host = parts.text();
  record.path = parts.text();
  record.client = parts.text();
  record.user_agent = parts.text();
  record.referrer = parts.text();
  record.request_id = parts.text();
  record.release = parts.text();
  record.visitor = parts.text();
  constexpr std::uint64_t status_max = 999;
  constexpr std::uint64_t protocol_max = 99;
  if (!parts.is_good() || status > status_max || protocol > protocol_max) return std::nullopt;
  record.status = static_cast<std::uint32_t>(status);
  record.protocol = static_cast<std::uint32_t>(protocol);
  return record;
}

}  // namespace temps::routing
