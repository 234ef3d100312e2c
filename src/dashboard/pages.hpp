// The embedded files, and pages made of them. Private.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"

namespace temps::dashboard {

enum class Page : std::uint8_t { login, welcome, projects, proxy, setup, message, problem };

// Texts for the {{places}} of a page; they are escaped.
using Places = std::vector<std::pair<std::string_view, std::string>>;
http::Response page(Page which, const Places& places = {}, int status = 200);
http::Response message(int status, std::string title, std::string text);

struct Asset {
  std::string_view content;
  std::string_view type;
};
std::optional<Asset> asset(std::string_view name);

// For text and attribute values of HTML.
std::string escaped(std::string_view text);

}  // namespace temps::dashboard
