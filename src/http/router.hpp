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
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "core/permission.hpp"
#include "core/task.hpp"
#include "http/message.hpp"
#include "http/parameters.hpp"
#include "json/json.hpp"

namespace temps::http {

// Parameters of handlers, after the service and in the order of the path:
//   Path<T>      the next {part} of the path; T: std::string, an integer, Id<Tag>
//   Query<T>     an aggregate whose fields are query parameters (optional fields may be absent)
//   Body<T>      the JSON body, strict: unknown fields are refused
//   Caller       the principal
//   const Request&
// Results: Ok<T>, Created<T>, Accepted<T>, NoContent, Page<T> (items + next cursor), Response
// (anything).

using Handler = std::function<Task<Response>(Request&)>;

struct Route {
  std::string method;
  std::string path;  // "/api/v1/projects/{project}"
  Permission permission;
  std::string summary;
  std::string operation;  // the handler's function name: operationId
  // JSON texts for the OpenAPI document; empty where there is none.
  std::string body_schema{};
  std::string response_schema{};
  int success = 200;
  std::vector<ParameterDoc> parameters{};
  bool hidden = false;                     // not part of the API document (git, pages)
  std::size_t body_bytes_max = 1U << 20U;  // for Body<T>; raw routes limit themselves
  Handler call{};
};

class Router {
 public:
  template <class S>
  class Bound {
   public:
    Bound(Router& router, S& service) : router_(router), service_(service) {}
    template <auto handler>
    void get(std::string path, Permission permission, std::string summary) {
      add<handler>("GET", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    void post(std::string path, Permission permission, std::string summary) {
      add<handler>("POST", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    void put(std::string path, Permission permission, std::string summary) {
      add<handler>("PUT", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    void patch(std::string path, Permission permission, std::string summary) {
      add<handler>("PATCH", std::move(path), permission, std::move(summary));
    }
    template <auto handler>
    void del(std::string path, Permission permission, std::string summary) {
      add<handler>("DELETE", std::move(path), permission, std::move(summary));
    }

   private:
    template <auto handler>
    void add(std::string method, std::string path, Permission permission, std::string summary) {
      router_.add(make_route<handler>(service_, std::move(method), std::move(path), permission,
                                      std::move(summary)));
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
  void raw(std::string method, std::string path, Permission permission, Handler handler);
  // A path and method declared twice is a broken invariant.
  void add(Route route);

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  struct Match {
    const Route* route = nullptr;  // null: see `allowed`
    std::map<std::string, std::string> values;
    std::vector<std::string> allowed;  // methods of this path, for 405; empty means 404
  };
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

// The OpenAPI 3.1 document of all routes that are not hidden.
std::string openapi(const Router& router, std::string_view version);

}  // namespace temps::http
