// Routes: the signature of a handler is the API. From one declaration come the parsing, the checks,
// the permission and the OpenAPI document.
//
//   Task<http::Created<MonitorView>> create_monitor(Uptime&, const http::Request&,
//   http::Path<std::string> project,
//                                                   http::Body<MonitorBody> body);
//   auto api = router.bind(uptime);
//   api.post<create_monitor>("/api/v1/projects/{project}/monitors", permissions::monitors_write,
//   "Create a monitor");
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/permission.hpp"
#include "http/errors.hpp"
#include "http/message.hpp"
#include "http/parameters.hpp"
#include "http/route.hpp"

namespace temps::http {

// A {part} may have text around it in its segment ("{project}.git").
//
// Parameters of handlers, after the service and in the order of the path:
//   Path<T>      the next {part} of the path; T: std::string, an integer, Id<Tag>
//   Query<T>     an aggregate whose fields are query parameters (optional fields may be absent)
//   Body<T>      the JSON body, strict: unknown fields are refused
//   Caller       the principal
//   const Request&
// Results: Ok<T>, Created<T>, Accepted<T>, NoContent, Page<T> (items + next cursor), Response
// (anything).

class Router {
 public:
  template <class S>
  class Bound {
   public:
    Bound(Router& router, S& service) : router_(router), service_(service) {}
    template <auto handler>
    Route& get(std::string path, Permission permission, std::string summary) {
      return add<handler>("GET", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    Route& post(std::string path, Permission permission, std::string summary) {
      return add<handler>("POST", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    Route& put(std::string path, Permission permission, std::string summary) {
      return add<handler>("PUT", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    Route& patch(std::string path, Permission permission, std::string summary) {
      return add<handler>("PATCH", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    Route& del(std::string path, Permission permission, std::string summary) {
      return add<handler>("DELETE", std::move(path), permission, std::move(summary));
    }

   private:
    template <auto handler>
    Route& add(std::string method, std::string path, Permission permission, std::string summary) {
      return router_.add(make_route<handler>(
          service_, {std::move(method), std::move(path), permission, std::move(summary)}));
    }
    Router& router_;
    S& service_;
  };

  template <class S>
  Bound<S> bind(S& service) {
    return {*this, service};
  }
  // A route whose handler reads and writes as it likes: pages, git, event streams. "{rest...}" as
  // last part matches everything behind it.
  Route& raw(std::string method, std::string path, Permission permission, Handler handler);
  // A path and method declared twice is a broken invariant. The reference, here and above, is for
  // settings such as `body_bytes_max` and good until the next route is added.
  Route& add(Route route);

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  // A permission that a handler asks for beside its route's.
  void declare(const Permission& permission);
  // Those of all routes and the declared ones. Two of one name that differ are a broken invariant.
  [[nodiscard]] const std::vector<Permission>& permissions() const { return permissions_; }
  // As what a project that the caller may not see is answered: the same as one that is not there.
  void hide_projects_as(const ErrorCode& code) { hidden_project_ = code; }
  [[nodiscard]] const ErrorCode& hidden_project() const { return hidden_project_; }
  struct Match {
    const Route* route = nullptr;  // null: see `allowed`
    std::map<std::string, std::string> values{};
    std::vector<std::string> allowed{};  // methods of this path, for 405; empty means 404
  };
  // The most exact path wins, segment by segment: literal text, then text with a {part} in it, then
  // a {part} alone, then {rest...}. HEAD is answered by GET's route where it has none of its own.
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;
  // A path of the API that looks like a misspelt one, with the request's own values filled in.
  [[nodiscard]] std::optional<std::string> nearest_path(std::string_view path) const;

 private:
  // "{project}.git": before "", name "project", after ".git".
  struct Segment {
    enum class Kind : std::uint8_t { rest, part, mixed, literal };
    Kind kind;
    std::string before;  // of a literal: all of it
    std::string name{};
    std::string after{};
    [[nodiscard]] bool fits(std::string_view text) const;
    bool operator==(const Segment& other) const;  // the names do not count
  };
  using Pattern = std::vector<Segment>;
  static Pattern parse(std::string_view path);
  static bool fits(const Pattern& pattern, const std::vector<std::string_view>& parts);
  static std::map<std::string, std::string> values_of(const Pattern& pattern,
                                                      std::string_view path);
  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;  // of the routes, in the same order
  std::vector<Permission> permissions_;
  ErrorCode hidden_project_ = errors::not_found;
};

// The OpenAPI 3.1 document of all routes that are not hidden.
std::string openapi(const Router& router, std::string_view version);
// Serves it at /api/v1/openapi.json, as of the moment of the request.
void add_openapi_route(Router& router, std::string version);

}  // namespace temps::http
