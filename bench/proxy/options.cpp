#include "proxy/options.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/text.hpp"

namespace temps::bench {
namespace {

bool read(std::string& to, std::string_view text) {
  to = text;
  return true;
}

template <std::integral Number>
bool read(Number& to, std::string_view text) {
  const auto value = parse_number<Number>(text);
  if (value) to = *value;
  return value.has_value();
}

bool read(double& to, std::string_view text) {
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, to);
  return error == std::errc{} && stop == end && std::isfinite(to);
}

bool read(Mode& to, std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, Mode>, 5> modes{{
      {"keep-alive", Mode::keep_alive},
      {"fresh", Mode::fresh},
      {"resumed", Mode::resumed},
      {"websocket", Mode::websocket},
      {"idle", Mode::idle},
  }};
  for (const auto& [name, mode] : modes) {
    if (name != text) continue;
    to = mode;
    return true;
  }
  return false;
}

bool assign(Options& options, std::string_view name, std::string_view text) {
  if (name == "--port") return read(options.port, text);
  if (name == "--mode") return read(options.mode, text);
  if (name == "--connections") return read(options.connections, text);
  if (name == "--seconds") return read(options.seconds, text);
  if (name == "--warm-up") return read(options.warm_up_seconds, text);
  if (name == "--rate") return read(options.rate, text);
  if (name == "--path") return read(options.path, text);
  if (name == "--host") return read(options.host, text);
  if (name == "--hosts") return read(options.hosts, text);
  if (name == "--message-bytes") return read(options.message_bytes, text);
  return false;
}

}  // namespace

std::optional<Options> parse_options(std::span<char*> words) {
  Options options;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view name = words[i];
    if (name == "--tls") {
      options.is_tls = true;
      continue;
    }
    if (i + 1 == words.size() || !assign(options, name, words[i + 1])) {
      fmt::print(stderr, "bench_load: not understood: {}\n", name);
      return std::nullopt;
    }
    ++i;
  }
  if (options.port == 0 || options.connections == 0 || options.seconds <= 0) {
    fmt::print(stderr, "bench_load: --port, --connections and --seconds must be more than 0\n");
    return std::nullopt;
  }
  return options;
}

}  // namespace temps::bench
