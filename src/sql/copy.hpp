// Many rows in one stream (binary COPY), several times as fast as inserting them.
//
//   inline constexpr sql::Copy<VisitRow> copy_visits{"visits.copy_visits", "visits", "time, path"};
//
//   co_await transaction.copy(queries::copy_visits, std::move(rows));
//
// Nothing is cast here: each field of the row must have its column's type exactly.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/reflect.hpp"
#include "sql/value.hpp"

namespace temps::sql {

// `Row` is an aggregate; its fields go to the columns in order.
template <class Row>
struct Copy {
  std::string_view name;
  std::string_view table;
  std::string_view columns;
};

namespace detail {

void begin_copy(std::string& to);
void begin_copied_row(std::string& to, std::size_t fields);
void add_copied_null(std::string& to);
// What is encoded behind it until end_copied() is one field. Yields what that needs.
std::size_t begin_copied(std::string& to);
void end_copied(std::string& to, std::size_t begin);
void end_copy(std::string& to);

template <Value T>
void add_copied(std::string& to, const T& value) {
  if constexpr (is_optional<T>) {
    if (!value) return add_copied_null(to);
    add_copied(to, *value);
  } else {
    const auto begin = begin_copied(to);
    Codec<T>::encode(to, value);
    end_copied(to, begin);
  }
}

template <class Row>
std::string encode_copy(const std::vector<Row>& rows) {
  std::string data;
  begin_copy(data);
  const auto fields = column_types<Row>().size();
  for (const auto& row : rows) {
    begin_copied_row(data, fields);
    reflect::for_each_field(
        row, [&data](std::string_view, const auto& field) { add_copied(data, field); });
  }
  end_copy(data);
  return data;
}

}  // namespace detail

}  // namespace temps::sql
