// The pages that the server writes by itself. Private.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"

namespace temps::dashboard {

enum class Page : std::uint8_t { message, problem };

// Texts for the {{places}} of a page; they are escaped.
using Places = std::vector<std::pair<std::string_view, std::string>>;
http::Response page(Page which, const Places& places = {}, int status = 200);
http::Response message(int status, std::string title, std::string text);

// What these pages load from /assets/: page.css, favicon.svg.
std::optional<http::Response> own_asset(std::string_view name);

// For text and attribute values of HTML.
std::string escaped(std::string_view text);

}  // namespace temps::dashboard
