#include "http1/codings.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "http1/fields.hpp"

namespace temps::http1 {
namespace {

using compress::Coding;

// At equal liking: Zstandard makes the least work, gzip the longest text.
constexpr std::array<Coding, 3> preferred{Coding::zstd, Coding::brotli, Coding::gzip};

// Thousandths; nothing for text that is no quality. RFC 9110 §12.4.2.
int quality(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const auto text = trimmed(parameters.substr(at + 2));
  if (text.starts_with('1')) return 1000;
  int value = 0;
  int scale = 100;
  if (!text.starts_with('0')) return 0;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9' || scale == 0) break;
    value += (c - '0') * scale;
    scale /= 10;
  }
  return value;
}

// For each of `codings`; 0: not taken.
template <std::size_t count>
std::array<int, count> qualities_of(std::string_view accept_encoding,
                                    const std::array<Coding, count>& codings) {
  std::array<int, count> found{};
  for_each_element(accept_encoding, [&](std::string_view element) {
    const auto [name, parameters] = cut(element, ";");
    for (std::size_t i = 0; i < count; ++i)
      if (equal_ignoring_case(trimmed(name), name_of(codings[i]))) found[i] = quality(parameters);
  });
  return found;
}

}  // namespace

std::vector<Sibling> accepted_siblings(std::string_view accept_encoding) {
  // Brotli makes the shortest text.
  static constexpr std::array<Coding, 3> known{Coding::brotli, Coding::zstd, Coding::gzip};
  static constexpr std::array<std::string_view, known.size()> suffixes{".br", ".zst", ".gz"};
  auto qualities = qualities_of(accept_encoding, known);
  std::vector<Sibling> siblings;
  for (std::size_t n = 0; n < known.size(); ++n) {
    const auto* best = std::max_element(qualities.begin(), qualities.end());
    if (*best <= 0) break;
    const auto index = static_cast<std::size_t>(best - qualities.begin());
    siblings.push_back({name_of(known[index]), suffixes[index]});
    qualities[index] = 0;
  }
  return siblings;
}

std::string_view name_of(Coding coding) {
  switch (coding) {
    case Coding::gzip:
      return "gzip";
    case Coding::brotli:
      return "br";
    case Coding::zstd:
      return "zstd";
  }
  return {};
}

std::optional<Coding> coding_for(std::string_view accept_encoding) {
  const auto qualities = qualities_of(accept_encoding, preferred);
  const auto* best = std::max_element(qualities.begin(), qualities.end());
  if (*best <= 0) return std::nullopt;
  return preferred[static_cast<std::size_t>(best - qualities.begin())];
}

}  // namespace temps::http1
