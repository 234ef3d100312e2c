// Sizes and times as people write them in settings.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace temps::settings {

// "1048576", "64KB", "512MB", "2GB", "1TB"; powers of 1024. Nothing for anything else.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
// "45s", "20m", "2h", "14d"; a bare number is seconds. Nothing for anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace temps::settings
