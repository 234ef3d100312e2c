#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "tidy/rules.hpp"

namespace temps::tidy {
namespace {

constexpr std::size_t lines_soft = 400;
constexpr std::size_t lines_hard = 600;
constexpr std::size_t function_lines = 70;
constexpr std::size_t columns = 100;

// What the brace after `before`, the text since the last statement, opens.
enum class Block { scope, function, other };

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

std::string_view without_template(std::string_view text) {
  text = trimmed(text);
  while (text.starts_with("template")) {
    std::size_t depth = 0;
    std::size_t at = text.find('<');
    for (; at < text.size(); ++at) {
      if (text[at] == '<') ++depth;
      if (text[at] == '>' && --depth == 0) break;
    }
    text = trimmed(text.substr(std::min(at + 1, text.size())));
  }
  return text;
}

Block opened_by(std::string_view before) {
  const auto text = without_template(before);
  static constexpr std::array scopes{"namespace", "inline namespace", "class", "struct", "union",
                                     "enum",      "extern \""};
  for (const std::string_view word : scopes) {
    if (text.starts_with(word)) return Block::scope;
  }
  return text.find('(') == std::string_view::npos ? Block::other : Block::function;
}

std::optional<std::size_t> matching(std::string_view code, std::size_t open) {
  std::size_t depth = 0;
  for (auto at = open; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return std::nullopt;
}

// Lines from `open` to `close`, but for the rows of tables: they begin with a brace or a literal.
std::size_t body_lines(std::string_view code, std::size_t open, std::size_t close) {
  const auto lines = lines_of(code.substr(open, close - open + 1));
  return static_cast<std::size_t>(std::ranges::count_if(lines, [&](std::string_view line) {
    const auto text = trimmed(line);
    const bool row = text.starts_with('{') || text.starts_with('"') || text.starts_with("R\"");
    return !row || line.data() == code.data() + open;
  }));
}

// Lays out by hand what clang-format would not: no limit in there.
std::vector<bool> hand_formatted(std::string_view text) {
  std::vector<bool> marks{false};
  bool off = false;
  for (const auto line : lines_of(text)) {
    if (line.contains("clang-format off")) off = true;
    if (line.contains("clang-format on")) off = false;
    marks.push_back(off);
  }
  return marks;
}

void check_functions(const Source& file, Findings& findings) {
  const std::string_view code = file.code;
  const auto by_hand = hand_formatted(file.text);
  std::size_t statement = 0;
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (code[at] == ';' || code[at] == '}') statement = at + 1;
    if (code[at] != '{') continue;
    const auto block = opened_by(code.substr(statement, at - statement));
    if (block != Block::scope) {
      const auto close = matching(code, at);
      if (!close) return;
      const auto lines = body_lines(code, at, *close);
      const bool counts = block == Block::function && !by_hand[line_at(code, at)];
      if (counts && lines > function_lines) {
        findings.push_back({file.path, line_at(code, at),
                            fmt::format("a function of {} lines; {} is the limit: keep the "
                                        "decisions here and move the work out",
                                        lines, function_lines)});
      }
      at = *close;
    }
    statement = at + 1;
  }
}

// Counts characters, not bytes.
std::size_t width(std::string_view line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

void check_lines(const Source& file, Findings& findings) {
  const auto by_hand = hand_formatted(file.text);
  const auto code = lines_of(file.code);
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    const bool in_literal = trimmed(code[number - 1]).empty() && !trimmed(line).starts_with("//");
    const bool exempt = in_literal || line.contains('"') || line.contains("://") || by_hand[number];
    if (width(line) > columns && !exempt) {
      findings.push_back(
          {file.path, number,
           fmt::format("{} columns; {} is the limit (make fmt)", width(line), columns)});
    }
  }
}

}  // namespace

Findings check_sizes(const Tree& tree) {
  Findings findings;
  for (const auto& file : tree.sources) {
    if (!file.is_cpp()) continue;
    const auto lines = lines_of(file.text).size();
    if (lines > lines_soft) {
      findings.push_back({file.path, 0,
                          fmt::format("{} lines; {} is the aim and {} the limit: split it at its "
                                      "second responsibility",
                                      lines, lines_soft, lines_hard),
                          lines > lines_hard ? Weight::error : Weight::warning});
    }
    check_lines(file, findings);
    check_functions(file, findings);
  }
  return findings;
}

}  // namespace temps::tidy
