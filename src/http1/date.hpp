// Times as HTTP writes them (RFC 9110 §5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace temps::http1 {

using Date = std::array<char, 29>;
Date http_date(std::chrono::sys_seconds time);
inline std::string_view text_of(const Date& date) { return {date.data(), date.size()}; }

// Reads the form above only; the two obsolete forms give nothing, as an unreadable condition is to
// be ignored anyway.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace temps::http1
