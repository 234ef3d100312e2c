#include "core/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "core/clock.hpp"

namespace temps::log {

namespace {

std::atomic<Level> least{Level::info};
std::string process_name;  // set once at the start of a process

constexpr std::string_view name(Level level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        line += "\\\"";
        break;
      case '\\':
        line += "\\\\";
        break;
      case '\n':
        line += "\\n";
        break;
      case '\r':
        line += "\\r";
        break;
      case '\t':
        line += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          line += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          line += c;
        }
    }
  }
  line += '"';
}

void write(Level level, std::string_view message, Fields fields) {
  if (level < least.load(std::memory_order_relaxed)) return;
  static const bool terminal = ::isatty(STDERR_FILENO) == 1;
  std::string line;
  const auto time = to_rfc3339(SystemClock{}.now());
  if (terminal) {
    line = fmt::format("{} {:7} {}: {}", time, name(level), process_name, message);
    for (const auto& field : fields) {
      if (field.value.empty()) continue;
      line += fmt::format(" {}=", field.key);
      if (field.value.find_first_of(" \"\n\t") == std::string::npos) {
        line += field.value;
      } else {
        append_quoted(line, field.value);
      }
    }
  } else {
    line = fmt::format(R"({{"time":"{}","level":"{}","process":"{}","message":)", time, name(level),
                       process_name);
    append_quoted(line, message);
    for (const auto& field : fields) {
      if (field.value.empty()) continue;
      line += ',';
      append_quoted(line, field.key);
      line += ':';
      if (field.number) {
        line += field.value;
      } else {
        append_quoted(line, field.value);
      }
    }
    line += '}';
  }
  line += '\n';
  // One write per line, so that lines of several processes do not mix.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void debug(std::string_view message, Fields fields) { write(Level::debug, message, fields); }
void info(std::string_view message, Fields fields) { write(Level::info, message, fields); }
void warning(std::string_view message, Fields fields) { write(Level::warning, message, fields); }
void error(std::string_view message, Fields fields) { write(Level::error, message, fields); }

void set_level(Level level) { least.store(level, std::memory_order_relaxed); }
void set_process(std::string_view name) { process_name = name; }

}  // namespace temps::log
