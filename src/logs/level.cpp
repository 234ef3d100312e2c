#include "logs/level.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/text.hpp"

namespace temps::logs {

namespace {

// Of a text without structure: a line about errors is none.
constexpr std::size_t words_bytes_max = 80;

constexpr std::array<std::pair<std::string_view, Level>, 24> words{{
    {"trace", Level::debug},      {"debug", Level::debug},        {"verbose", Level::debug},
    {"silly", Level::debug},      {"dbg", Level::debug},          {"info", Level::info},
    {"inf", Level::info},         {"notice", Level::info},        {"log", Level::info},
    {"information", Level::info}, {"informational", Level::info}, {"warn", Level::warning},
    {"warning", Level::warning},  {"wrn", Level::warning},        {"error", Level::error},
    {"err", Level::error},        {"severe", Level::error},       {"fatal", Level::error},
    {"critical", Level::error},   {"crit", Level::error},         {"alert", Level::error},
    {"emerg", Level::error},      {"emergency", Level::error},    {"panic", Level::error},
}};

std::optional<Level> named(std::string_view word) {
  const auto lower = lowered(word);
  const auto* const found =
      std::ranges::find(words, std::string_view(lower), &std::pair<std::string_view, Level>::first);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

Level of_syslog(int severity) {
  if (severity <= 3) return Level::error;
  if (severity == 4) return Level::warning;
  return severity == 7 ? Level::debug : Level::info;
}

// pino and bunyan: 10, 20 … 60. Python counts info as 20, and so on.
std::optional<Level> numbered(int number, bool is_python) {
  if (number < 0) return std::nullopt;
  if (number <= 7) return of_syslog(number);
  const int shifted = is_python ? number + 10 : number;
  if (shifted >= 50) return Level::error;
  if (shifted >= 40) return Level::warning;
  return shifted >= 30 ? Level::info : Level::debug;
}

bool names_a_level(std::string_view key) {
  constexpr std::array<std::string_view, 9> keys{"level",    "severity",  "lvl",
                                                 "loglevel", "log.level", "levelname",
                                                 "levelno",  "@l",        "severity_text"};
  const auto lower = lowered(key);
  return std::ranges::find(keys, std::string_view(lower)) != keys.end();
}

std::optional<Level> of_field(std::string_view key, std::string_view value) {
  if (!names_a_level(key)) return std::nullopt;
  if (const auto number = parse_number<int>(value)) {
    return numbered(*number, lowered(key) == "levelno");
  }
  return named(value);
}

// Reads a quoted text from `at`, which stands behind the first quote, and goes behind the last.
std::string_view quoted(std::string_view text, std::size_t& at) {
  const auto begin = at;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  const auto end = std::min(at, text.size());
  at = std::min(end + 1, text.size());
  return text.substr(begin, end - begin);
}

void skip_blanks(std::string_view text, std::size_t& at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
}

// The members of the outermost object; what is cut off or wrong simply ends it.
std::optional<Level> of_json(std::string_view text) {
  int depth = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at++];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') continue;
    const auto key = quoted(text, at);
    skip_blanks(text, at);
    if (depth != 1 || at >= text.size() || text[at] != ':') continue;
    ++at;
    skip_blanks(text, at);
    if (at >= text.size()) break;
    std::string_view value;
    if (text[at] == '"') {
      value = quoted(text, ++at);
    } else {
      value = text.substr(at, text.find_first_of(",}] \t", at) - at);
    }
    if (const auto level = of_field(key, value)) return level;
  }
  return std::nullopt;
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '@' || c == '-';
}

// `at=info msg="a b" level=warn`; also between other words.
std::optional<Level> of_logfmt(std::string_view text) {
  std::size_t at = 0;
  std::size_t key_begin = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      quoted(text, ++at);
      key_begin = at;
    } else if (c == '=' && at > key_begin) {
      const auto key = text.substr(key_begin, at - key_begin);
      ++at;
      std::string_view value;
      if (at < text.size() && text[at] == '"') {
        value = quoted(text, ++at);
      } else {
        value = text.substr(at, text.find_first_of(" \t,;", at) - at);
        at += value.size();
      }
      key_begin = at;
      if (const auto level = of_field(key, value)) return level;
    } else {
      ++at;
      if (!is_key_character(c)) key_begin = at;
    }
  }
  return std::nullopt;
}

// "<3>", as journald and syslog have it in front.
std::optional<Level> of_priority(std::string_view text) {
  if (!text.starts_with('<')) return std::nullopt;
  const auto end = text.find('>');
  if (end == std::string_view::npos || end > 4) return std::nullopt;
  const auto number = parse_number<int>(text.substr(1, end - 1));
  constexpr int priority_max = 191;
  if (!number || *number < 0 || *number > priority_max) return std::nullopt;
  return of_syslog(*number % 8);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "E0115 12:00:00.000000", as Kubernetes' programs write.
std::optional<Level> of_klog(std::string_view text) {
  if (text.size() < 6 || text[5] != ' ' || !std::ranges::all_of(text.substr(1, 4), is_digit)) {
    return std::nullopt;
  }
  switch (text[0]) {
    case 'I':
      return Level::info;
    case 'W':
      return Level::warning;
    case 'E':
    case 'F':
      return Level::error;
    default:
      return std::nullopt;
  }
}

// "ERROR cannot", "12:00 [warn] slow", "TypeError: x": the first word that says it, unless it is a
// part of something longer, such as a path.
std::optional<Level> of_words(std::string_view text) {
  text = text.substr(0, words_bytes_max);
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter(text[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < text.size() && (is_letter(text[at]) || is_digit(text[at]) || text[at] == '_')) ++at;
    const auto word = text.substr(begin, at - begin);
    const char before = begin == 0 ? ' ' : text[begin - 1];
    const bool stands_alone = before == ' ' || before == '\t' || before == '[' || before == '(' ||
                              before == '|' || before == '<';
    const char after = at < text.size() ? text[at] : ' ';
    const bool ends = after != '/' && after != '=' && after != '-' && after != '.';
    if (stands_alone && ends) {
      if (const auto level = named(word); level && word != "log" && word != "alert") return level;
    }
    const bool is_exception = word.ends_with("Error") || word.ends_with("Exception");
    if (begin == 0 && is_exception) return Level::error;
  }
  return std::nullopt;
}

// Without the sequences that colour a terminal.
std::string without_colours(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x1b' || at + 1 >= text.size() || text[at + 1] != '[') {
      plain += text[at];
      continue;
    }
    at += 2;
    while (at < text.size() && (is_digit(text[at]) || text[at] == ';')) ++at;
  }
  return plain;
}

}  // namespace

std::optional<Level> level_of(std::string_view text) {
  text = text.substr(0, level_bytes_max);
  std::string plain;
  if (text.contains('\x1b')) {
    plain = without_colours(text);
    text = plain;
  }
  text = trimmed(text);
  // What a JSON line says in its message is no level.
  if (text.starts_with('{')) return of_json(text);
  if (const auto level = of_priority(text)) return level;
  if (const auto level = of_klog(text)) return level;
  if (const auto level = of_logfmt(text)) return level;
  return of_words(text);
}

}  // namespace temps::logs
