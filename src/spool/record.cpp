#include "spool/record.hpp"

#include <algorithm>
#include <array>

#include "core/check.hpp"
#include "spool/checksum.hpp"

namespace temps::spool {
namespace {

constexpr std::size_t number_bytes = 4;

using Number = std::array<char, number_bytes>;

// Little-endian, on every machine.
Number to_bytes(std::uint32_t value) {
  Number bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<char>(value & 0xffU);
    value >>= 8U;
  }
  return bytes;
}

std::uint32_t number_at(std::string_view text, std::size_t place) {
  std::uint32_t value = 0;
  for (std::size_t i = number_bytes; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(text[place * number_bytes + i]);
  return value;
}

}  // namespace

void write_record(std::string& out, std::string_view record) {
  ensure(!record.empty() && record.size() <= record_bytes_max, "a record of this size");
  std::array<char, record_head_bytes> head{};
  const auto put = [&head](std::size_t place, std::uint32_t value) {
    const auto bytes = to_bytes(value);
    std::copy(bytes.begin(), bytes.end(), head.begin() + place * number_bytes);
  };
  put(0, static_cast<std::uint32_t>(record.size()));
  put(1, crc32c(record));
  put(2, crc32c({head.data(), 2 * number_bytes}));
  out.append(head.data(), head.size());
  out += record;
}

RecordReader::RecordReader(std::string_view content) : rest_(content) {
  if (!content.starts_with(segment_mark)) {
    is_at_end_ = true;
    return;
  }
  rest_.remove_prefix(segment_mark.size());
  whole_bytes_ = segment_mark.size();
}

std::optional<std::string_view> RecordReader::next() {
  while (!is_at_end_) {
    is_at_end_ = true;
    if (rest_.size() < record_head_bytes) break;
    // With a wrong length nobody knows where the next record begins, so it has a checksum of its
    // own. Looking for the next mark instead would find those that visitors put into records.
    const std::size_t length = number_at(rest_, 0);
    const bool is_head_good = crc32c(rest_.substr(0, 2 * number_bytes)) == number_at(rest_, 2);
    if (!is_head_good || length == 0 || length > record_bytes_max) break;
    if (rest_.size() - record_head_bytes < length) break;
    is_at_end_ = false;
    const auto record = rest_.substr(record_head_bytes, length);
    const bool is_good = crc32c(record) == number_at(rest_, 1);
    rest_.remove_prefix(record_head_bytes + length);
    whole_bytes_ += record_head_bytes + length;
    if (is_good) {
      ++records_;
      return record;
    }
    ++damaged_;
  }
  return std::nullopt;
}

}  // namespace temps::spool
