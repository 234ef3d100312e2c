#include "commands/masking.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/login_mask.hpp"
#include "core/text.hpp"

namespace temps::commands {
namespace {

constexpr std::string_view mask = "****";
// Shorter ones would hide half of every command.
constexpr std::size_t secret_bytes_min = 4;

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool sounds_secret(std::string_view spelled) {
  const auto name = lowered(spelled);
  constexpr std::array<std::string_view, 8> parts{"passw",  "passphrase", "secret",  "token",
                                                  "apikey", "api_key",    "api-key", "credential"};
  if (name.ends_with("key") || name.ends_with("pwd") || name == "authorization") return true;
  return std::ranges::any_of(parts, [&name](auto part) { return name.contains(part); });
}

// Where a value ends that began at `from`: at its quote, else at a blank.
std::size_t end_of_value(std::string_view text, std::size_t from) {
  const auto ends = [&](std::string_view marks) {
    return std::min(text.find_first_of(marks, from), text.size());
  };
  if (from < text.size() && (text[from] == '"' || text[from] == '\'')) {
    return std::min(text.find(text[from], from + 1), text.size());
  }
  return ends(" \t\n;&|\"'");
}

// NAME=value and Name: value, anywhere in a word: a shell's script is one word.
std::string without_named(std::string word) {
  for (std::size_t at = word.find_first_of("=:"); at != std::string::npos;
       at = word.find_first_of("=:", at + 1)) {
    auto begin = at;
    while (begin > 0 && is_of_name(word[begin - 1])) --begin;
    if (begin == at || !sounds_secret(std::string_view(word).substr(begin, at - begin))) continue;
    auto value = at + 1;
    // A header's value goes to the end of its line, and begins after a blank.
    const bool is_header = word[at] == ':';
    if (is_header && (value >= word.size() || word[value] != ' ')) continue;
    while (is_header && value < word.size() && word[value] == ' ') ++value;
    const auto end = is_header ? std::min(word.find_first_of("\"'\n", value), word.size())
                               : end_of_value(word, value);
    if (end == value) continue;
    word.replace(value, end - value, mask);
    at = value + mask.size() - 1;
  }
  return word;
}

bool asks_for_secret(std::string_view word) {
  return word.starts_with("--") && !word.contains('=') && sounds_secret(word.substr(2));
}

}  // namespace

std::vector<std::string> masked(std::vector<std::string> words,
                                std::span<const std::string> secrets) {
  bool is_next_secret = false;
  for (auto& word : words) {
    const bool hides = std::exchange(is_next_secret, asks_for_secret(word));
    if (hides && !word.starts_with("-")) {
      word = mask;
      continue;
    }
    for (const auto& secret : secrets) {
      if (secret.size() >= secret_bytes_min) word = replaced(word, secret, mask);
    }
    word = without_logins(without_named(std::move(word)));
  }
  return words;
}

}  // namespace temps::commands
