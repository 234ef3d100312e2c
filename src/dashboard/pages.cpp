#include "dashboard/pages.hpp"

#include "core/text.hpp"

namespace temps::dashboard {
namespace {

constexpr char message_html[] = {
#embed "pages/message.html"
};
constexpr char problem_html[] = {
#embed "pages/problem.html"
};
constexpr char page_css[] = {
#embed "pages/page.css"
};
// The console has it as well, but may be left out of the build.
constexpr char favicon_svg[] = {
#embed "../../web/public/assets/favicon.svg"
};

template <std::size_t size>
constexpr std::string_view text_of(const char (&file)[size]) {
  return {file, size};
}

std::string_view html_of(Page which) {
  switch (which) {
    case Page::message:
      return text_of(message_html);
    case Page::problem:
      return text_of(problem_html);
  }
  return {};
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

http::Response page(Page which, const Places& places, int status) {
  http::Response response{.status = status};
  auto left = html_of(which);
  // One pass, so that a text which looks like a place is not taken for one.
  for (;;) {
    const auto open = left.find("{{");
    response.body += left.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto [name, behind] = cut(left.substr(open + 2), "}}");
    for (const auto& [place, text] : places) {
      if (place == name) response.body += escaped(text);
    }
    left = behind;
  }
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  return response;
}

http::Response message(int status, std::string title, std::string text) {
  return page(Page::message, {{"title", std::move(title)}, {"text", std::move(text)}}, status);
}

std::optional<http::Response> own_asset(std::string_view name) {
  const bool is_style = name == "page.css";
  if (!is_style && name != "favicon.svg") return std::nullopt;
  http::Response response{.body = std::string(is_style ? text_of(page_css) : text_of(favicon_svg))};
  response.headers.add("Content-Type", is_style ? "text/css; charset=utf-8" : "image/svg+xml");
  response.headers.add("Cache-Control", "no-cache");
  return response;
}

}  // namespace temps::dashboard
