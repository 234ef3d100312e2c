// How bad a line is, by its own words: apps write as they like.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace temps::logs {

enum class Level : std::uint8_t { debug, info, warning, error };

// So much of a line is looked at.
inline constexpr std::size_t level_bytes_max = 4096;

// Of a JSON object its `level`, `severity` and their like, words or numbers as pino, bunyan, syslog
// and Python count; of logfmt the same fields; of text a syslog priority or klog's letter at the
// start, or the first word that names a level. Nothing where the line does not say.
std::optional<Level> level_of(std::string_view text);

}  // namespace temps::logs
