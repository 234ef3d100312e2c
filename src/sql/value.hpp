// Values on their way to and from PostgreSQL, in its binary format. What parameters and the fields
// of rows may be:
//
//   bool, int16..int64, uint16, uint32, double   boolean, smallint..bigint, double precision
//   std::string, enums                           text; an enum by its enumerator's name
//   Id<Tag>, std::chrono durations               bigint
//   Instant                                      timestamptz
//   sql::Json, sql::Bytes                        jsonb (or json), bytea
//   std::optional<T>                             null when it holds nothing
//   std::vector<T>                               an array of these, without nulls
//
// A column may be narrower than the field (int4 into std::int64_t); anything else is cast in the
// statement: `sum(size)::bigint`, `id::text`.
#pragma once
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/reflect.hpp"
#include "core/result.hpp"

namespace temps::sql {

struct Json {
  std::string text;
};
struct Bytes {
  std::string bytes;
};

// The same text as PostgreSQL can hold it: in UTF-8, with U+FFFD in place of each zero byte and of
// each byte that is no UTF-8. For what programs and users wrote, which may be anything.
std::string storable(std::string_view text);

using Oid = std::uint32_t;  // of a type, as in pg_type

struct Parameter {
  Oid type = 0;
  std::optional<std::string> bytes;
};

struct Column {
  std::string name;
  Oid type = 0;
};

// The answer to one statement.
class Rows {
 public:
  std::vector<Column> columns;
  std::int64_t affected = 0;

  void add_cell(std::optional<std::string_view> bytes);
  [[nodiscard]] std::size_t size() const;
  // Nothing for null.
  [[nodiscard]] std::optional<std::string_view> cell(std::size_t row, std::size_t column) const
      [[clang::lifetimebound]];

 private:
  struct Place {
    std::size_t offset;
    std::int64_t length;  // -1 for null
  };
  std::string bytes_;
  std::vector<Place> places_;
};

// A PostgreSQL type as this code sees it: what a parameter is sent as, and which columns it reads.
struct Type {
  Oid oid = 0;
  Oid array = 0;
  std::string_view name;
  std::array<Oid, 6> reads{};  // padded with 0
  std::array<Oid, 4> reads_arrays{};

  [[nodiscard]] bool accepts(Oid column) const;
};

namespace types {
inline constexpr Type boolean{16, 1000, "boolean", {16}, {1000}};
inline constexpr Type bytea{17, 1001, "bytea", {17}, {1001}};
inline constexpr Type int2{21, 1005, "smallint", {21}, {1005}};
inline constexpr Type int4{23, 1007, "integer", {23, 21}, {1007, 1005}};
inline constexpr Type int8{20, 1016, "bigint", {20, 23, 21}, {1016, 1007, 1005}};
inline constexpr Type float8{701, 1022, "double precision", {701, 700}, {1022, 1021}};
// text, varchar, bpchar, name, json, unknown
inline constexpr Type text{25, 1009, "text", {25, 1043, 1042, 19, 114, 705}, {1009, 1015, 1003}};
inline constexpr Type timestamptz{1184, 1185, "timestamptz", {1184}, {1185}};
inline constexpr Type jsonb{3802, 3807, "jsonb", {3802, 114}, {}};
}  // namespace types

// The two directions of one C++ type. `decode` says whether the bytes fit.
template <class T>
struct Codec;

namespace detail {

void append_big_endian(std::string& to, std::uint64_t value, int bytes);
// A signed number of 2, 4 or 8 bytes.
bool read_integer(std::string_view bytes, std::int64_t& to);

void encode_double(std::string& to, double value);
bool decode_double(std::string_view bytes, double& to);
void encode_instant(std::string& to, Instant value);
bool decode_instant(std::string_view bytes, Instant& to);
bool decode_json(std::string_view bytes, std::string& to);

void begin_array(std::string& to, Oid element, std::size_t count);
void add_element(std::string& to, std::string_view bytes);
// The elements of an array of one dimension; nothing when it has nulls or is broken.
std::optional<std::vector<std::string_view>> array_elements(std::string_view bytes);

template <class T>
consteval const Type& integer_type() {
  static_assert(!std::same_as<T, std::uint64_t>, "bigint is signed: use std::int64_t");
  if constexpr (std::same_as<T, std::int16_t>) {
    return types::int2;
  } else if constexpr (sizeof(T) == 2 || std::same_as<T, std::int32_t>) {
    return types::int4;
  } else {
    return types::int8;
  }
}

consteval Type array_of(const Type& element) {
  return {element.array,
          0,
          "array",
          {element.reads_arrays[0], element.reads_arrays[1], element.reads_arrays[2]},
          {}};
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

}  // namespace detail

template <>
struct Codec<bool> {
  static constexpr const Type& type = types::boolean;
  static void encode(std::string& to, bool value) { to += value ? '\1' : '\0'; }
  static bool decode(std::string_view bytes, bool& to) {
    to = !bytes.empty() && bytes.front() != 0;
    return bytes.size() == 1;
  }
};

template <class T>
  requires(std::integral<T> && sizeof(T) >= 2)
struct Codec<T> {
  static constexpr const Type& type = detail::integer_type<T>();
  static void encode(std::string& to, T value) {
    const int size = &type == &types::int2 ? 2 : &type == &types::int4 ? 4 : 8;
    detail::append_big_endian(to, static_cast<std::uint64_t>(value), size);
  }
  static bool decode(std::string_view bytes, T& to) {
    std::int64_t wide = 0;
    if (!detail::read_integer(bytes, wide) || !std::in_range<T>(wide)) return false;
    to = static_cast<T>(wide);
    return true;
  }
};

template <>
struct Codec<double> {
  static constexpr const Type& type = types::float8;
  static void encode(std::string& to, double value) { detail::encode_double(to, value); }
  static bool decode(std::string_view bytes, double& to) {
    return detail::decode_double(bytes, to);
  }
};

template <>
struct Codec<std::string> {
  static constexpr const Type& type = types::text;
  static void encode(std::string& to, const std::string& value) { to += value; }
  static bool decode(std::string_view bytes, std::string& to) {
    to = bytes;
    return true;
  }
};

template <class E>
  requires std::is_enum_v<E>
struct Codec<E> {
  static constexpr const Type& type = types::text;
  static void encode(std::string& to, E value) { to += reflect::enum_name(value); }
  static bool decode(std::string_view bytes, E& to) {
    const auto value = reflect::enum_value<E>(bytes);
    if (value) to = *value;
    return value.has_value();
  }
};

template <class Tag>
struct Codec<Id<Tag>> {
  static constexpr const Type& type = types::int8;
  static void encode(std::string& to, Id<Tag> id) { Codec<std::int64_t>::encode(to, id.value); }
  static bool decode(std::string_view bytes, Id<Tag>& to) {
    return Codec<std::int64_t>::decode(bytes, to.value);
  }
};

// The count in its own unit: the column's name says which (`timeout_seconds`).
template <class Period>
struct Codec<std::chrono::duration<std::int64_t, Period>> {
  using Duration = std::chrono::duration<std::int64_t, Period>;
  static constexpr const Type& type = types::int8;
  static void encode(std::string& to, Duration value) {
    Codec<std::int64_t>::encode(to, value.count());
  }
  static bool decode(std::string_view bytes, Duration& to) {
    std::int64_t count = 0;
    const bool fits = Codec<std::int64_t>::decode(bytes, count);
    to = Duration{count};
    return fits;
  }
};

template <>
struct Codec<Instant> {
  static constexpr const Type& type = types::timestamptz;
  static void encode(std::string& to, Instant value) { detail::encode_instant(to, value); }
  static bool decode(std::string_view bytes, Instant& to) {
    return detail::decode_instant(bytes, to);
  }
};

template <>
struct Codec<Json> {
  static constexpr const Type& type = types::jsonb;
  static void encode(std::string& to, const Json& value) { (to += '\1') += value.text; }
  static bool decode(std::string_view bytes, Json& to) {
    return detail::decode_json(bytes, to.text);
  }
};

template <>
struct Codec<Bytes> {
  static constexpr const Type& type = types::bytea;
  static void encode(std::string& to, const Bytes& value) { to += value.bytes; }
  static bool decode(std::string_view bytes, Bytes& to) {
    to.bytes = bytes;
    return true;
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static constexpr Type type = detail::array_of(Codec<T>::type);
  static void encode(std::string& to, const std::vector<T>& values) {
    detail::begin_array(to, Codec<T>::type.oid, values.size());
    for (const auto& value : values) {
      std::string element;
      Codec<T>::encode(element, value);
      detail::add_element(to, element);
    }
  }
  static bool decode(std::string_view bytes, std::vector<T>& to) {
    const auto elements = detail::array_elements(bytes);
    if (!elements) return false;
    to.clear();
    for (const auto element : *elements) {
      T value{};
      if (!Codec<T>::decode(element, value)) return false;
      to.push_back(std::move(value));
    }
    return true;
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static constexpr const Type& type = Codec<T>::type;
};

// What fits one column.
template <class T>
concept Value = requires { Codec<T>::type; };

template <Value T>
Parameter encode(const T& value) {
  if constexpr (detail::is_optional<T>) {
    if (!value) return {.type = Codec<T>::type.oid, .bytes = std::nullopt};
    return encode(*value);
  } else {
    Parameter parameter{.type = Codec<T>::type.oid, .bytes = std::string{}};
    Codec<T>::encode(*parameter.bytes, value);
    return parameter;
  }
}

template <class... Params>
std::vector<Parameter> encode_all(const Params&... values) {
  std::vector<Parameter> parameters;
  parameters.reserve(sizeof...(Params));
  (parameters.push_back(encode(values)), ...);
  return parameters;
}

namespace detail {

template <Value T>
bool decode_cell(std::optional<std::string_view> bytes, Oid column, T& to) {
  if constexpr (is_optional<T>) {
    if (!bytes) return to.reset(), true;
    return decode_cell(bytes, column, to.emplace());
  } else {
    return bytes && Codec<T>::type.accepts(column) && Codec<T>::decode(*bytes, to);
  }
}

Error wrong_width(std::string_view statement, std::size_t columns, std::size_t fields);
Error wrong_cell(std::string_view statement, const Column& column, std::string_view type,
                 bool is_null);

}  // namespace detail

// The types that a row of `Row` reads, in order of the columns.
template <class Row>
std::vector<Type> column_types() {
  if constexpr (std::is_void_v<Row>) {
    return {};
  } else if constexpr (Value<Row>) {
    return {Codec<Row>::type};
  } else {
    std::vector<Type> all;
    Row row{};
    reflect::for_each_field(row, [&all](std::string_view, const auto& field) {
      all.push_back(Codec<std::remove_cvref_t<decltype(field)>>::type);
    });
    return all;
  }
}

// Fails with `sql.failed`, naming the statement and the column that does not fit.
template <class Row>
Result<std::vector<Row>> decode_rows(const Rows& rows, std::string_view statement) {
  const auto wanted = column_types<Row>();
  if (rows.columns.size() != wanted.size()) {
    return std::unexpected(detail::wrong_width(statement, rows.columns.size(), wanted.size()));
  }
  std::vector<Row> all;
  all.reserve(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    Row row{};
    std::size_t c = 0;
    std::optional<std::size_t> wrong;
    auto read = [&](std::string_view, auto& field) {
      const auto bytes = rows.cell(r, c);
      if (!detail::decode_cell(bytes, rows.columns[c].type, field) && !wrong) wrong = c;
      ++c;
    };
    if constexpr (Value<Row>) {
      read({}, row);
    } else {
      reflect::for_each_field(row, read);
    }
    if (wrong) {
      return std::unexpected(detail::wrong_cell(statement, rows.columns[*wrong],
                                                wanted[*wrong].name, !rows.cell(r, *wrong)));
    }
    all.push_back(std::move(row));
  }
  return all;
}

}  // namespace temps::sql
