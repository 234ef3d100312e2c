#include <utility>

#include "dashboard/dashboard.hpp"
#include "dashboard/pages.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"

namespace temps::dashboard {
namespace {

// What whoever meets an error of this kind can do.
std::string_view meaning(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "The request holds something that cannot be accepted. Change what the answer names, "
             "then send it again.";
    case ErrorKind::unauthenticated:
      return "The server does not know who is asking. Log in, or send a valid API key.";
    case ErrorKind::forbidden:
      return "The server knows who is asking, and refuses. Ask an admin if you need this.";
    case ErrorKind::not_found:
      return "There is nothing of this name, or not any more. Check the spelling.";
    case ErrorKind::conflict:
      return "The request does not go together with how things are now. Look at the present state, "
             "then decide again.";
    case ErrorKind::gone:
      return "What was asked for existed once and will not come back.";
    case ErrorKind::too_large:
      return "The request is larger than the server takes. Send less at once, or raise the limit "
             "in "
             "the settings.";
    case ErrorKind::rate_limited:
      return "Too many requests came in a short time. Wait as long as Retry-After says, then go "
             "on.";
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return "Something that is needed is not there at the moment. Try again shortly.";
    case ErrorKind::timeout:
      return "It took too long. Try again; if it happens often, the machine may be too busy.";
    case ErrorKind::internal:
      return "Something failed inside Temps that should not. The log on the server says what.";
  }
  return "";
}

Task<http::Response> no_such_page(http::Request&) {
  co_return message(404, "Nothing is here", "There is no page at this address.");
}

}  // namespace

Task<http::Response> Dashboard::page(http::Request& request) { co_return console_.page(request); }

Task<http::Response> Dashboard::asset(http::Request& request) {
  const auto& name = request.path_values["name"];
  auto found = console_.file(name, request);
  if (!found) found = own_asset(name);
  if (!found) co_await fail(http::errors::not_found, "there is no such file");
  co_return std::move(*found);
}

Task<http::Response> Dashboard::explain(http::Request& request) {
  const auto code = request.path_values["module"] + "." + request.path_values["reason"];
  const auto* found = explanations_.find(code);
  if (found == nullptr) {
    co_return message(404, "No such error code", "Temps knows no error code " + code + ".");
  }
  co_return dashboard::page(Page::problem,
                            {{"title", std::string(found->title)},
                             {"code", code},
                             {"status", std::to_string(http::status_of(found->kind))},
                             {"meaning", std::string(meaning(found->kind))}});
}

void add_routes(http::Router& router, Dashboard& dashboard) {
  using permissions::open;
  for (const auto path : console_paths()) {
    router.raw("GET", std::string(path), open,
               [&dashboard](http::Request& request) { return dashboard.page(request); });
  }
  router.raw("GET", "/problems/{module}/{reason}", open,
             [&dashboard](http::Request& request) { return dashboard.explain(request); });
  router.raw("GET", "/assets/{name...}", open,
             [&dashboard](http::Request& request) { return dashboard.asset(request); });
  router.raw("GET", "/{page}", open, no_such_page);
}

}  // namespace temps::dashboard
