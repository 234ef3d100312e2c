#include "bundle/glob.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

namespace temps::bundle {

namespace {

constexpr std::string_view special = "*?[\\";

std::size_t index_of(char byte) { return static_cast<unsigned char>(byte); }

using Test = int (*)(int);
std::optional<Test> class_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Test>, 12> classes{
      {{"alnum", std::isalnum},
       {"alpha", std::isalpha},
       {"blank", std::isblank},
       {"cntrl", std::iscntrl},
       {"digit", std::isdigit},
       {"graph", std::isgraph},
       {"lower", std::islower},
       {"print", std::isprint},
       {"punct", std::ispunct},
       {"space", std::isspace},
       {"upper", std::isupper},
       {"xdigit", std::isxdigit}}};
  const auto* found = std::ranges::find(classes, name, &std::pair<std::string_view, Test>::first);
  if (found == classes.end()) return std::nullopt;
  return found->second;
}

// What stands between the brackets.
struct Members {
  std::bitset<256> set{};
  std::string_view text;
  std::size_t at;
  bool is_broken = false;

  [[nodiscard]] bool has(std::size_t position) const { return position < text.size(); }

  // A byte, or the one behind a backslash.
  char take() {
    if (text[at] == '\\') ++at;
    if (!has(at)) {
      is_broken = true;
      return '\0';
    }
    return text[at++];
  }

  // "[:alpha:]" at the current place.
  bool take_named() {
    const auto end = text.find(']', at + 2);
    if (end == std::string_view::npos) {
      is_broken = true;
      return true;
    }
    if (end < at + 3 || text[end - 1] != ':') return false;
    const auto test = class_named(text.substr(at + 2, end - at - 3));
    is_broken = !test;
    for (int byte = 0; test && byte < 128; ++byte) {
      if ((*test)(byte) != 0) set.set(static_cast<std::size_t>(byte));
    }
    at = end + 1;
    return true;
  }

  void read() {
    std::optional<char> before;  // what a range may begin with
    for (bool first = true; !is_broken; first = false) {
      if (!has(at)) {
        is_broken = true;
        return;
      }
      if (!first && text[at] == ']') return;
      if (text[at] == '-' && before && has(at + 1) && text[at + 1] != ']') {
        ++at;
        const auto last = index_of(take());
        for (auto byte = index_of(*before); byte <= last && !is_broken; ++byte) set.set(byte);
        before.reset();
        continue;
      }
      if (text[at] == '[' && has(at + 1) && text[at + 1] == ':' && take_named()) {
        before.reset();
        continue;
      }
      before = take();
      if (!is_broken) set.set(index_of(*before));
    }
  }
};

}  // namespace

Glob::Glob(std::string_view pattern) {
  const auto first_special = pattern.find_first_of(special);
  for (std::size_t i = 0; i < pattern.size() && !is_broken_;) {
    const char byte = pattern[i];
    if (byte == '*') {
      i += add_stars(pattern, i, i == first_special);
    } else if (byte == '?') {
      tokens_.push_back({Kind::bytes, ~Set{}.set(index_of('/'))});
      ++i;
    } else if (byte == '[') {
      const auto taken = add_class(pattern.substr(i));
      is_broken_ = taken == 0;
      i += taken;
    } else {
      if (byte == '\\') ++i;
      is_broken_ = i == pattern.size();
      if (!is_broken_) add_one(pattern[i++]);
    }
  }
}

void Glob::add_one(char byte) { tokens_.push_back({Kind::bytes, Set{}.set(index_of(byte))}); }

std::size_t Glob::add_stars(std::string_view pattern, std::size_t at, bool at_first_special) {
  const auto end = std::min(pattern.find_first_not_of('*', at), pattern.size());
  // Git compares what stands before the first special character by itself and looks at the rest as
  // at a pattern of its own: there "**" is at its beginning.
  const bool begins_name = at == 0 || pattern[at - 1] == '/' || at_first_special;
  if (end - at >= 2 && begins_name && end == pattern.size()) {
    tokens_.push_back({Kind::rest});
    return end - at;
  }
  if (end - at >= 2 && begins_name && pattern[end] == '/') {
    tokens_.push_back({Kind::folders});
    return end - at + 1;
  }
  tokens_.push_back({Kind::star});
  return end - at;
}

std::size_t Glob::add_class(std::string_view pattern) {
  const bool is_negated = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^');
  Members members{.text = pattern, .at = is_negated ? 2UZ : 1UZ};
  members.read();
  if (members.is_broken) return 0;
  auto set = is_negated ? ~members.set : members.set;
  set.reset(index_of('/'));
  tokens_.push_back({Kind::bytes, set});
  return members.at + 1;
}

// Goes back to the last star, and when that would have to pass a '/', to the last "**/": what came
// before them has matched at the earliest place, which leaves them the most.
bool Glob::matches(std::string_view path) const {
  if (is_broken_) return false;
  struct Retry {
    std::size_t token;
    std::size_t at;  // the next place to try
  };
  std::optional<Retry> star;
  std::optional<Retry> folders;
  std::size_t token = 0;
  std::size_t at = 0;
  for (;;) {
    if (token < tokens_.size()) {
      const auto kind = tokens_[token].kind;
      if (kind == Kind::rest) return true;
      if (kind == Kind::star) {
        star = Retry{++token, at};
        continue;
      }
      if (kind == Kind::folders) {
        folders = Retry{++token, at};
        star.reset();
        continue;
      }
      if (at < path.size() && tokens_[token].set.test(index_of(path[at]))) {
        ++token;
        ++at;
        continue;
      }
    } else if (at == path.size()) {
      return true;
    }
    if (star && star->at < path.size() && path[star->at] != '/') {
      token = star->token;
      at = ++star->at;
      continue;
    }
    star.reset();
    const auto slash = folders ? path.find('/', folders->at) : std::string_view::npos;
    if (slash == std::string_view::npos) return false;
    token = folders->token;
    at = folders->at = slash + 1;
  }
}

}  // namespace temps::bundle
