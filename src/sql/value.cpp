#include "sql/value.hpp"

#include <algorithm>
#include <bit>

#include "core/check.hpp"
#include "core/text.hpp"
#include "sql/errors.hpp"

namespace temps::sql {

namespace {

// PostgreSQL counts microseconds from 2000-01-01 UTC.
constexpr Instant postgres_epoch{std::chrono::seconds{946'684'800}};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::string storable(std::string_view text) {
  return replaced(to_utf8(text), std::string_view("\0", 1), "\xEF\xBF\xBD");
}

void Rows::add_cell(std::optional<std::string_view> bytes) {
  places_.push_back({bytes_.size(), bytes ? static_cast<std::int64_t>(bytes->size()) : -1});
  if (bytes) bytes_ += *bytes;
}

std::size_t Rows::size() const { return columns.empty() ? 0 : places_.size() / columns.size(); }

std::optional<std::string_view> Rows::cell(std::size_t row, std::size_t column) const {
  ensure(column < columns.size() && row < size(), "a cell outside of the rows");
  const auto place = places_[row * columns.size() + column];
  if (place.length < 0) return std::nullopt;
  return std::string_view(bytes_).substr(place.offset, static_cast<std::size_t>(place.length));
}

bool Type::accepts(Oid column) const {
  return column != 0 && std::ranges::find(reads, column) != reads.end();
}

namespace detail {

void append_big_endian(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    to += static_cast<char>(value >> shift & 0xff);
  }
}

bool read_integer(std::string_view bytes, std::int64_t& to) {
  const auto value = big_endian(bytes);
  switch (bytes.size()) {
    case 2:
      to = static_cast<std::int16_t>(value);
      return true;
    case 4:
      to = static_cast<std::int32_t>(value);
      return true;
    case 8:
      to = static_cast<std::int64_t>(value);
      return true;
    default:
      return false;
  }
}

void encode_double(std::string& to, double value) {
  append_big_endian(to, std::bit_cast<std::uint64_t>(value), 8);
}

bool decode_double(std::string_view bytes, double& to) {
  if (bytes.size() == 8) to = std::bit_cast<double>(big_endian(bytes));
  if (bytes.size() == 4) {
    to = std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(bytes)));
  }
  return bytes.size() == 8 || bytes.size() == 4;
}

void encode_instant(std::string& to, Instant value) {
  const auto since = value - postgres_epoch;
  append_big_endian(to, static_cast<std::uint64_t>(since.count()), 8);
}

bool decode_instant(std::string_view bytes, Instant& to) {
  std::int64_t since = 0;
  if (bytes.size() != 8 || !read_integer(bytes, since)) return false;
  to = postgres_epoch + std::chrono::microseconds{since};
  return true;
}

bool decode_json(std::string_view bytes, std::string& to) {
  // jsonb comes with a version before its text, json without.
  if (bytes.starts_with('\1')) bytes.remove_prefix(1);
  to = bytes;
  return true;
}

void begin_array(std::string& to, Oid element, std::size_t count) {
  append_big_endian(to, count == 0 ? 0 : 1, 4);  // dimensions
  append_big_endian(to, 0, 4);                   // has no nulls
  append_big_endian(to, element, 4);
  if (count == 0) return;
  append_big_endian(to, count, 4);
  append_big_endian(to, 1, 4);  // index of the first
}

void add_element(std::string& to, std::string_view bytes) {
  append_big_endian(to, bytes.size(), 4);
  to += bytes;
}

std::optional<std::vector<std::string_view>> array_elements(std::string_view bytes) {
  auto next = [&bytes]() -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    if (bytes.size() < 4 || !read_integer(bytes.substr(0, 4), value)) return std::nullopt;
    bytes.remove_prefix(4);
    return value;
  };
  const auto dimensions = next();
  if (!dimensions || *dimensions > 1 || !next() || !next()) return std::nullopt;
  std::vector<std::string_view> elements;
  if (*dimensions == 0) return elements;
  const auto count = next();
  if (!count || !next()) return std::nullopt;
  for (std::int64_t i = 0; i < *count; ++i) {
    const auto length = next();
    if (!length || *length < 0 || static_cast<std::size_t>(*length) > bytes.size()) {
      return std::nullopt;
    }
    elements.push_back(bytes.substr(0, static_cast<std::size_t>(*length)));
    bytes.remove_prefix(static_cast<std::size_t>(*length));
  }
  return elements;
}

Error wrong_width(std::string_view statement, std::size_t columns, std::size_t fields) {
  return {errors::failed, fmt::format("{} yields {} columns where its row has {} fields", statement,
                                      columns, fields)};
}

Error wrong_cell(std::string_view statement, const Column& column, std::string_view type,
                 bool is_null) {
  if (is_null) {
    return {errors::failed, fmt::format("{}: column \"{}\" is null, its field is not optional",
                                        statement, column.name)};
  }
  return {errors::failed, fmt::format("{}: column \"{}\" of type {} does not fit a field of {}",
                                      statement, column.name, column.type, type)};
}

}  // namespace detail

}  // namespace temps::sql
