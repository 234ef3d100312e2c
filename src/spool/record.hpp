// How records stand in a segment: README.md has the format.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace temps::spool {

inline constexpr std::string_view segment_mark = "TSPOOL1\n";
inline constexpr std::size_t record_bytes_max = 1UL << 20U;
inline constexpr std::size_t record_head_bytes = 12;

// `record` holds 1 to `record_bytes_max` bytes.
void write_record(std::string& out, std::string_view record);

// Goes through the content of a segment, which may be damaged or torn anywhere.
class RecordReader {
 public:
  explicit RecordReader(std::string_view content);

  // The next undamaged record, good as long as the content.
  std::optional<std::string_view> next();

  // What next() has seen by now:
  [[nodiscard]] std::uint64_t records() const { return records_; }
  // Those whose checksum is wrong.
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }
  // Up to the end of the last record that is there in full length.
  [[nodiscard]] std::size_t whole_bytes() const { return whole_bytes_; }
  // Behind that: the torn end of a record, or what cannot be divided into records any more.
  [[nodiscard]] std::size_t torn_bytes() const { return is_at_end_ ? rest_.size() : 0; }

 private:
  std::string_view rest_;
  std::uint64_t records_ = 0;
  std::uint64_t damaged_ = 0;
  std::size_t whole_bytes_ = 0;
  bool is_at_end_ = false;
};

}  // namespace temps::spool
