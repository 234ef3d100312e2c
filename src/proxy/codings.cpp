#include "proxy/codings.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "http1/http1.hpp"

namespace temps::proxy {
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

// 0: not taken.
int coding_quality(std::string_view accept_encoding, std::string_view wanted) {
  int found = 0;
  http1::for_each_element(accept_encoding, [&](std::string_view element) {
    const auto [name, parameters] = cut(element, ";");
    if (equal_ignoring_case(trimmed(name), wanted)) found = quality(parameters);
  });
  return found;
}

}  // namespace

std::vector<Sibling> accepted_siblings(std::string_view accept_encoding) {
  static constexpr std::array<Sibling, 3> known{{{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}}};
  std::array<int, known.size()> qualities{};
  for (std::size_t i = 0; i < known.size(); ++i)
    qualities[i] = coding_quality(accept_encoding, known[i].name);
  std::vector<Sibling> siblings;
  for (std::size_t n = 0; n < known.size(); ++n) {
    const auto* best = std::max_element(qualities.begin(), qualities.end());
    if (*best <= 0) break;
    const auto index = static_cast<std::size_t>(best - qualities.begin());
    siblings.push_back(known[index]);
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
  std::optional<Coding> best;
  int best_quality = 0;
  for (const auto coding : preferred) {
    const int quality = coding_quality(accept_encoding, name_of(coding));
    if (quality <= best_quality) continue;
    best = coding;
    best_quality = quality;
  }
  return best;
}

}  // namespace temps::proxy
