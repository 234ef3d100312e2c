#include "identity/device.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"

namespace temps::identity {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

// In this order: most browsers claim to be others, too.
constexpr std::array browsers{Word{"Edg", "Edge"},
                              Word{"OPR/", "Opera"},
                              Word{"SamsungBrowser", "Samsung Internet"},
                              Word{"Firefox/", "Firefox"},
                              Word{"FxiOS", "Firefox"},
                              Word{"CriOS", "Chrome"},
                              Word{"Chromium", "Chromium"},
                              Word{"Chrome/", "Chrome"},
                              Word{"Safari/", "Safari"}};
constexpr std::array systems{Word{"iPhone", "an iPhone"}, Word{"iPad", "an iPad"},
                             Word{"Android", "Android"},  Word{"CrOS", "ChromeOS"},
                             Word{"Windows", "Windows"},  Word{"Mac OS X", "macOS"},
                             Word{"Linux", "Linux"}};

template <std::size_t size>
std::string_view first_in(std::string_view text, const std::array<Word, size>& words) {
  const auto found = std::ranges::find_if(
      words, [text](const Word& word) { return text.find(word.first) != std::string_view::npos; });
  return found == words.end() ? std::string_view{} : found->second;
}

// "curl" of "curl/8.5.0"; nothing for what no program would call itself.
std::string_view program_name(std::string_view text) {
  const auto name = cut(text, "/").first;
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.empty() || name.size() > 32 || !std::ranges::all_of(name, is_plain)) return {};
  return name == "Mozilla" ? std::string_view{} : name;
}

}  // namespace

std::string device_name(std::string_view user_agent) {
  const auto browser = first_in(user_agent, browsers);
  const auto system = first_in(user_agent, systems);
  if (!browser.empty() && !system.empty()) return fmt::format("{} on {}", browser, system);
  if (!browser.empty()) return std::string(browser);
  if (const auto program = program_name(user_agent); !program.empty()) return std::string(program);
  return system.empty() ? "Unknown device" : fmt::format("A browser on {}", system);
}

}  // namespace temps::identity
