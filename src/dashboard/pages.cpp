#include "dashboard/pages.hpp"

#include <array>

#include "core/text.hpp"

namespace temps::dashboard {
namespace {

constexpr char login_html[] = {
#embed "pages/login.html"
};
constexpr char welcome_html[] = {
#embed "pages/welcome.html"
};
constexpr char projects_html[] = {
#embed "pages/projects.html"
};
constexpr char proxy_html[] = {
#embed "pages/proxy.html"
};
constexpr char setup_html[] = {
#embed "pages/setup.html"
};
constexpr char message_html[] = {
#embed "pages/message.html"
};
constexpr char problem_html[] = {
#embed "pages/problem.html"
};
constexpr char app_css[] = {
#embed "pages/app.css"
};
constexpr char api_js[] = {
#embed "pages/api.js"
};
constexpr char home_js[] = {
#embed "pages/home.js"
};
constexpr char proxy_js[] = {
#embed "pages/proxy.js"
};
constexpr char setup_js[] = {
#embed "pages/setup.js"
};
constexpr char favicon_svg[] = {
#embed "pages/favicon.svg"
};

template <std::size_t size>
constexpr std::string_view text_of(const char (&file)[size]) {
  return {file, size};
}

std::string_view html_of(Page which) {
  switch (which) {
    case Page::login:
      return text_of(login_html);
    case Page::welcome:
      return text_of(welcome_html);
    case Page::projects:
      return text_of(projects_html);
    case Page::proxy:
      return text_of(proxy_html);
    case Page::setup:
      return text_of(setup_html);
    case Page::message:
      return text_of(message_html);
    case Page::problem:
      return text_of(problem_html);
  }
  return {};
}

struct Named {
  std::string_view name;
  Asset asset;
};
constexpr std::string_view script = "text/javascript; charset=utf-8";
constexpr std::array assets{
    Named{"app.css", {text_of(app_css), "text/css; charset=utf-8"}},
    Named{"api.js", {text_of(api_js), script}},
    Named{"home.js", {text_of(home_js), script}},
    Named{"proxy.js", {text_of(proxy_js), script}},
    Named{"setup.js", {text_of(setup_js), script}},
    Named{"favicon.svg", {text_of(favicon_svg), "image/svg+xml"}},
};

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

std::optional<Asset> asset(std::string_view name) {
  for (const auto& [known, content] : assets) {
    if (known == name) return content;
  }
  return std::nullopt;
}

}  // namespace temps::dashboard
