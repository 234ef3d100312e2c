#include "runtime/docker_ignore.hpp"

#include <filesystem>

#include "core/text.hpp"

namespace temps::runtime {
namespace {

constexpr std::size_t pattern_bytes_max = 1024;

std::string cleaned(std::string_view pattern) {
  auto path = std::filesystem::path(pattern).lexically_normal().native();
  while (path.starts_with('/')) path.erase(0, 1);
  while (path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

PathPattern::PathPattern(std::string_view text) {
  text = text.substr(0, pattern_bytes_max);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    if (rest.starts_with("**/")) {
      tokens_.push_back({Kind::folders});
      i += 2;
    } else if (rest.starts_with("**")) {
      tokens_.push_back({Kind::anything});
      ++i;
    } else if (rest.starts_with('*')) {
      tokens_.push_back({Kind::star});
    } else if (rest.starts_with('?')) {
      tokens_.push_back({Kind::any});
    } else if (rest.starts_with('[')) {
      i += read_class(rest);
    } else {
      if (rest.starts_with('\\') && rest.size() > 1) ++i;
      tokens_.push_back({Kind::character, std::string(1, text[i])});
    }
  }
}

// Returns how many characters after the first belong to the class.
std::size_t PathPattern::read_class(std::string_view text) {
  const auto end = text.find(']', 2);
  if (end == std::string_view::npos) {
    tokens_.push_back({Kind::character, "["});
    return 0;
  }
  auto members = text.substr(1, end - 1);
  const bool negated = members.starts_with('^');
  if (negated) members.remove_prefix(1);
  tokens_.push_back({negated ? Kind::none_of : Kind::one_of, std::string(members)});
  return end;
}

bool PathPattern::accepts(const Token& token, char c) {
  if (token.kind == Kind::character) return token.text[0] == c;
  if (c == '/') return false;
  if (token.kind == Kind::any) return true;
  bool found = false;
  const std::string_view members = token.text;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 2 < members.size() && members[i + 1] == '-') {
      found = found || (members[i] <= c && c <= members[i + 2]);
      i += 2;
    } else {
      found = found || members[i] == c;
    }
  }
  return found == (token.kind == Kind::one_of);
}

// What can be empty is passed over.
void PathPattern::follow(std::vector<bool>& states) const {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const auto kind = tokens_[i].kind;
    const bool may_be_empty = kind == Kind::star || kind == Kind::anything || kind == Kind::folders;
    if (states[i] && may_be_empty) states[i + 1] = true;
  }
}

// All ways through the pattern at the same time, so that no pattern makes it slow.
bool PathPattern::matches(std::string_view path) const {
  std::vector<bool> states(tokens_.size() + 1);
  // Inside "**/": between its first character and a slash, the pattern cannot go on.
  std::vector<bool> within(tokens_.size() + 1);
  states[0] = true;
  follow(states);
  for (const char c : path) {
    std::vector<bool> next(states.size());
    std::vector<bool> next_within(states.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const auto& token = tokens_[i];
      if (token.kind == Kind::folders) {
        if (!states[i] && !within[i]) continue;
        next_within[i] = true;
        if (c == '/') next[i + 1] = true;
      } else if (!states[i]) {
        continue;
      } else if (token.kind == Kind::anything || token.kind == Kind::star) {
        if (token.kind == Kind::anything || c != '/') next[i] = true;
      } else if (accepts(token, c)) {
        next[i + 1] = true;
      }
    }
    states = std::move(next);
    within = std::move(next_within);
    follow(states);
  }
  return states.back();
}

DockerIgnore::DockerIgnore(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (auto line : split(text, '\n')) {
    if (line.starts_with('#')) continue;
    line = trimmed(line);
    const bool keeps = line.starts_with('!');
    if (keeps) line = trimmed(line.substr(1));
    if (line.empty()) continue;
    const auto path = cleaned(line);
    if (path.empty() || path == ".") continue;
    rules_.push_back({PathPattern(path), keeps});
    if (rules_.size() == rules_max) return;
  }
}

bool DockerIgnore::ignores(std::string_view path) const {
  bool ignored = false;
  for (const auto& rule : rules_) {
    if (rule.keeps != ignored) continue;
    for (auto end = path.size(); end != std::string_view::npos && end > 0;
         end = path.rfind('/', end - 1)) {
      if (!rule.pattern.matches(path.substr(0, end))) continue;
      ignored = !rule.keeps;
      break;
    }
  }
  return ignored;
}

}  // namespace temps::runtime
