#include "identity/guessable_passwords.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "core/text.hpp"

namespace temps::identity {
namespace {

constexpr char list[] = {
#embed "guessable_passwords.txt"
    , '\0'};

// A part of a password that is one of these, in either direction, is worth little.
constexpr std::array rows{"abcdefghijklmnopqrstuvwxyz",
                          "01234567890123456789",
                          "qwertyuiop",
                          "asdfghjkl",
                          "zxcvbnm",
                          "qwertzuiop",
                          "yxcvbnm",
                          "azertyuiop",
                          "1qaz2wsx3edc4rfv5tgb6yhn",
                          "1q2w3e4r5t6y7u8i9o0p",
                          "q1w2e3r4t5y6u7i8o9p0",
                          "qazwsxedcrfvtgbyhnujm"};
constexpr std::size_t part_min = 3;

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_plain_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Digits and signs that stand for letters: "p4ssw0rd".
std::string with_letters(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) {
    switch (c) {
      case '4':
      case '@':
        c = 'a';
        break;
      case '3':
        c = 'e';
        break;
      case '1':
      case '!':
        c = 'i';
        break;
      case '0':
        c = 'o';
        break;
      case '5':
      case '$':
        c = 's';
        break;
      case '7':
        c = 't';
        break;
      default:
        break;
    }
  }
  return plain;
}

// Without the digits and signs around it.
std::string_view core_of(std::string_view text) {
  const auto is_trim = [](char c) { return is_plain_ascii(c) && !is_letter(c); };
  while (!text.empty() && is_trim(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_trim(text.back())) text.remove_suffix(1);
  return text;
}

bool is_listed(std::string_view word) {
  static const std::vector<std::string_view> words = split(list, '\n');
  return !word.empty() && std::ranges::find(words, word) != words.end();
}

// How much of the beginning of `text` is a piece of a row.
std::size_t piece_of(std::string_view text, const std::string& row) {
  std::size_t longest = 0;
  for (std::size_t size = part_min; size <= std::min(text.size(), row.size()); ++size) {
    if (row.find(text.substr(0, size)) == std::string::npos) break;
    longest = size;
  }
  return longest;
}

// "qwerty123456", "abcdefghij", "9876543210": made of pieces of rows alone.
bool is_of_rows(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    std::size_t taken = 0;
    for (const std::string row : rows) {
      taken = std::max({taken, piece_of(text, row), piece_of(text, {row.rbegin(), row.rend()})});
    }
    if (taken == 0) return false;
    text.remove_prefix(taken);
  }
  return true;
}

// "abcabcabcabc"; up to four characters again and again.
bool repeats(std::string_view text) {
  for (std::size_t size = 1; size <= 4 && size * 2 <= text.size(); ++size) {
    bool same = true;
    for (std::size_t at = size; same && at < text.size(); ++at) same = text[at] == text[at - size];
    if (same) return true;
  }
  return false;
}

}  // namespace

bool is_common_password(std::string_view password) {
  const auto text = lowered(password);
  if (is_of_rows(text) || repeats(text) || is_listed(text)) return true;
  // Digits at the end are mostly a year or a count; inside they stand for letters.
  return is_listed(core_of(text)) || is_listed(core_of(with_letters(text))) ||
         is_listed(with_letters(core_of(text)));
}

bool is_like_email(std::string_view password, std::string_view email) {
  const auto address = lowered(email);
  const auto local = cut(address, "@").first;
  const auto text = lowered(password);
  if (local.empty()) return false;
  const auto at = text.find(local);
  if (at == std::string::npos) return false;
  return core_of(text.substr(0, at)).empty() && core_of(text.substr(at + local.size())).empty();
}

}  // namespace temps::identity
