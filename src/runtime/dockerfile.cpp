#include "runtime/dockerfile.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace temps::runtime {
namespace {

constexpr std::string_view blanks = " \t";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-'; }

std::string_view without_blanks_before(std::string_view text) {
  const auto start = text.find_first_not_of(blanks);
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

bool is_comment(std::string_view line) { return without_blanks_before(line).starts_with('#'); }

std::string in_capitals(std::string_view word) {
  std::string text;
  for (const char c : word) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// "# escape=`" -> {"escape", "`"}; nothing for what is no directive.
std::optional<std::pair<std::string, std::string_view>> directive(std::string_view line) {
  if (!is_comment(line)) return std::nullopt;
  const auto [name, value] = cut(without_blanks_before(line).substr(1), "=");
  const auto word = trimmed(name);
  const bool is_word =
      !word.empty() && is_letter(word.front()) &&
      std::ranges::all_of(word, [](char c) { return is_letter(c) || is_digit(c); });
  if (!is_word || trimmed(value).empty()) return std::nullopt;
  return std::pair(lowered(word), trimmed(value));
}

// The words that end the here-documents of an instruction: EOF of "3<<-'EOF'".
struct Heredoc {
  std::string end;
  bool strips_tabs = false;
};

std::optional<Heredoc> heredoc_of(std::string_view word) {
  while (!word.empty() && is_digit(word.front())) word.remove_prefix(1);
  if (!word.starts_with("<<")) return std::nullopt;
  word.remove_prefix(2);
  const bool strips_tabs = word.starts_with('-');
  if (strips_tabs) word.remove_prefix(1);
  const char quote = word.empty() ? '\0' : word.front();
  if (quote == '\'' || quote == '"') {
    word.remove_prefix(1);
    if (!word.ends_with(quote)) return std::nullopt;
    word.remove_suffix(1);
  }
  if (word.empty() || !std::ranges::all_of(word, is_name)) return std::nullopt;
  return Heredoc{std::string(word), strips_tabs};
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (auto line : split(text, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back(line);
    }
  }

  std::vector<Instruction> read() {
    read_directives();
    std::vector<Instruction> found;
    while (at_ < lines_.size()) {
      const auto line = at_ + 1;
      const auto whole = next_instruction();
      const auto word = whole.substr(0, whole.find_first_of(blanks));
      if (word.empty()) continue;
      found.push_back({line, in_capitals(word)});
      found.back().has_heredoc = skip_heredocs(found.back().word, whole);
    }
    return found;
  }

 private:
  // They end with the first line that is none; they may be left to be read as comments.
  void read_directives() {
    for (const auto line : lines_) {
      const auto read = directive(line);
      if (!read) return;
      if (read->first == "escape" && (read->second == "`" || read->second == "\\")) {
        escape_ = read->second.front();
      }
    }
  }

  // Takes away the escape at the end of a line that goes on. One that is itself escaped is none.
  bool take_continuation(std::string_view& line) const {
    const auto last = line.find_last_not_of(blanks);
    if (last == std::string_view::npos || line[last] != escape_) return false;
    if (last > 0 && line[last - 1] == escape_) return false;
    line = line.substr(0, last);
    return true;
  }

  // Comments and empty lines neither end nor begin one.
  std::string next_instruction() {
    std::string whole;
    while (at_ < lines_.size()) {
      auto line = lines_[at_++];
      const bool is_first = whole.empty();
      if (is_comment(line) || without_blanks_before(line).empty()) {
        if (is_first && !continues_) return {};
        continue;
      }
      if (is_first) line = without_blanks_before(line);
      continues_ = take_continuation(line);
      whole += line;
      if (!continues_) break;
    }
    continues_ = false;
    return whole;
  }

  bool skip_heredocs(std::string_view word, std::string_view whole) {
    if (word != "RUN" && word != "COPY" && word != "ADD" && word != "ONBUILD") return false;
    bool has_one = false;
    while (!(whole = without_blanks_before(whole)).empty()) {
      const auto end = std::min(whole.find_first_of(blanks), whole.size());
      if (const auto heredoc = heredoc_of(whole.substr(0, end))) has_one |= skip(*heredoc);
      whole.remove_prefix(end);
    }
    return has_one;
  }

  // Without its end it is none.
  bool skip(const Heredoc& heredoc) {
    // Else a text of many openings would be searched to its end for each.
    if (heredocs_without_end_ == without_end_max) return false;
    for (auto at = at_; at < lines_.size(); ++at) {
      auto line = lines_[at];
      while (heredoc.strips_tabs && line.starts_with('\t')) line.remove_prefix(1);
      if (line != heredoc.end) continue;
      at_ = at + 1;
      return true;
    }
    ++heredocs_without_end_;
    return false;
  }

  static constexpr int without_end_max = 100;
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  char escape_ = '\\';
  bool continues_ = false;
  int heredocs_without_end_ = 0;
};

}  // namespace

bool declares_argument(std::string_view text, std::string_view name) {
  const auto lines = split(text, '\n');
  const auto instructions = parse_dockerfile(text);
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    if (instructions[i].word != "ARG") continue;
    const auto end = i + 1 < instructions.size() ? instructions[i + 1].line - 1 : lines.size();
    for (auto at = instructions[i].line - 1; at < end; ++at) {
      const auto plain = replaced(replaced(lines[at], "\t", " "), "\r", " ");
      for (const auto word : split(plain, ' ')) {
        if (cut(word, "=").first == name) return true;
      }
    }
  }
  return false;
}

std::vector<Instruction> parse_dockerfile(std::string_view text) { return Reader(text).read(); }

SentDockerfile::SentDockerfile(std::string text, std::string name)
    : text_(std::move(text)), name_(std::move(name)), instructions_(parse_dockerfile(text_)) {}

std::vector<std::size_t> SentDockerfile::first_steps() const {
  std::vector<std::size_t> lines;
  bool is_wanted = false;
  for (const auto& instruction : instructions_) {
    if (instruction.word == "FROM") is_wanted = true;
    if (instruction.word != "RUN" || !is_wanted) continue;
    lines.push_back(instruction.line);
    is_wanted = false;
  }
  return lines;
}

bool SentDockerfile::has_steps() const { return !first_steps().empty(); }

void SentDockerfile::insert_before_first_steps(const std::vector<std::string>& lines) {
  const auto places = first_steps();
  std::string text;
  std::size_t line = 0;
  std::size_t sent = 0;
  auto next = places.begin();
  for (std::string_view left = text_; !left.empty();) {
    ++line;
    for (std::size_t i = 0; next != places.end() && *next == line && i < lines.size(); ++i) {
      text.append(lines[i]).append("\n");
      inserted_.push_back(++sent);
    }
    if (next != places.end() && *next == line) ++next;
    const auto end = std::min(left.find('\n'), left.size() - 1) + 1;
    text.append(left.substr(0, end));
    ++sent;
    left.remove_prefix(end);
  }
  text_ = std::move(text);
  instructions_ = parse_dockerfile(text_);
}

bool SentDockerfile::is_inserted(std::size_t step) const {
  return step >= 1 && step <= instructions_.size() &&
         std::ranges::binary_search(inserted_, instructions_[step - 1].line);
}

std::size_t SentDockerfile::inserted_before(std::size_t step) const {
  if (step == 0 || step > instructions_.size()) return inserted_.size();
  const auto line = instructions_[step - 1].line;
  return static_cast<std::size_t>(std::ranges::lower_bound(inserted_, line) - inserted_.begin());
}

std::size_t SentDockerfile::inserted_steps() const { return inserted_.size(); }

std::string SentDockerfile::place(std::size_t sent_line) const {
  if (name_.empty()) return {};
  const auto before = std::ranges::lower_bound(inserted_, sent_line) - inserted_.begin();
  return fmt::format("line {} of {}: ", sent_line - static_cast<std::size_t>(before), name_);
}

std::string SentDockerfile::place_of_step(std::size_t step) const {
  if (step == 0 || step > instructions_.size() || is_inserted(step)) return {};
  return place(instructions_[step - 1].line);
}

std::string SentDockerfile::explain(std::string_view refusal) const {
  const auto [before, rest] = cut(refusal, "parse error ");
  const auto after = cut(rest.starts_with("on ") ? rest.substr(3) : rest, "line ").second;
  const auto [number, words] = cut(after, ": ");
  const auto line = parse_number<std::size_t>(number);
  const bool is_known = line && *line > 0 && !words.empty() && !name_.empty();
  auto text = is_known ? place(*line) + std::string(words) : std::string(refusal);
  const auto found = std::ranges::find_if(instructions_, &Instruction::has_heredoc);
  if (found == instructions_.end()) return text;
  return fmt::format(
      "{}; {}here-documents (<<) need BuildKit, which builds here do not use: write several "
      "commands as RUN a && b",
      text, place(found->line));
}

}  // namespace temps::runtime
