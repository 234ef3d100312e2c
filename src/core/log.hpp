// The log front end: one line per event on standard error, logfmt on a terminal, JSON where it is
// none.
#pragma once
#include <fmt/core.h>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace temps::log {

enum class Level : std::uint8_t { debug, info, warning, error };

// One key with its value, already as text. Secrets do not convert.
struct Field {
  std::string_view key;
  std::string value;
  bool number = false;
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <class N>
    requires(std::integral<N> || std::floating_point<N>)
  Field(std::string_view k, N v) : key(k), value(fmt::format("{}", v)), number(true) {}
};
using Fields = std::initializer_list<Field>;

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warning(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

// Lines below `level` are dropped; the start value is info.
void set_level(Level level);
// Named in every line, "serve" or "proxy".
void set_process(std::string_view name);

}  // namespace temps::log
