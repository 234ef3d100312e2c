#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/reflect.hpp"
#include "core/text.hpp"
#include "http/problem.hpp"
#include "http/router.hpp"
#include "json/json.hpp"

namespace temps::http {
namespace {

std::string as_json(std::string_view text) { return json::encode(std::string(text)); }

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

std::string parameters(const Route& route) {
  std::vector<std::string> list;
  for (const auto& [name, in, required, schema] : route.parameters) {
    list.push_back(R"({"name":)" + as_json(name) + R"(,"in":)" + as_json(in) + R"(,"required":)" +
                   (required ? "true" : "false") + R"(,"schema":)" + schema + "}");
  }
  return "[" + joined(list) + "]";
}

std::string_view meaning(int status) {
  switch (status) {
    case 201:
      return "Created";
    case 202:
      return "Accepted, the work goes on";
    case 204:
      return "Done";
    default:
      return "The answer";
  }
}

std::string responses(const Route& route) {
  auto success = as_json(std::to_string(route.success)) + R"(:{"description":)" +
                 as_json(meaning(route.success));
  if (!route.response_schema.empty()) {
    success += R"(,"content":{"application/json":{"schema":)" + route.response_schema + "}}";
  }
  std::vector<std::string> list{success + "}"};
  std::vector<std::string> failures{"429"};
  if (!route.body_schema.empty() || !route.parameters.empty()) failures.emplace_back("400");
  if (route.permission.least != Role::anonymous) {
    failures.emplace_back("401");
    failures.emplace_back("403");
  }
  if (route.path.find('{') != std::string::npos) failures.emplace_back("404");
  std::ranges::sort(failures);
  failures.emplace_back("default");
  for (const auto& status : failures) {
    list.push_back(as_json(status) + R"(:{"$ref":"#/components/responses/Problem"})");
  }
  return "{" + joined(list) + "}";
}

std::string operation(const Route& route) {
  std::string text = R"({"operationId":)" + as_json(route.operation) + R"(,"summary":)" +
                     as_json(route.summary) + R"(,"x-permission":)" +
                     as_json(route.permission.name) + R"(,"x-scope":)" +
                     as_json(reflect::enum_name(route.permission.scope));
  text += route.permission.least == Role::anonymous
              ? R"(,"security":[])"
              : R"(,"security":[{"bearer":[]},{"session":[]}])";
  if (!route.parameters.empty()) text += R"(,"parameters":)" + parameters(route);
  if (!route.body_schema.empty()) {
    text += R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":)" +
            route.body_schema + "}}}";
  }
  return text + R"(,"responses":)" + responses(route) + "}";
}

Task<Response> document(const Router& router, const std::string& version) {
  co_return json_response(200, openapi(router, version));
}

}  // namespace

std::string openapi(const Router& router, std::string_view version) {
  std::map<std::string, std::vector<std::string>> operations;
  for (const auto& route : router.routes()) {
    if (route.hidden) continue;
    operations[route.path].push_back(as_json(lowered(route.method)) + ":" + operation(route));
  }
  std::vector<std::string> paths;
  for (const auto& [path, methods] : operations) {
    paths.push_back(as_json(path) + ":{" + joined(methods) + "}");
  }
  return R"({"openapi":"3.1.0","info":{"title":"Temps","version":)" + as_json(version) +
         R"(},"servers":[{"url":"/"}],"paths":{)" + joined(paths) +
         R"(},"components":{"schemas":{"Problem":)" + problem_schema() +
         R"(},"responses":{"Problem":{"description":"What went wrong, as RFC 9457 says it","content":)"
         R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},)"
         R"("securitySchemes":{"bearer":{"type":"http","scheme":"bearer",)"
         R"("description":"An API key"},"session":{"type":"apiKey","in":"cookie",)"
         R"("name":"temps_session"}}}})";
}

void add_openapi_route(Router& router, std::string version) {
  router.raw(
      "GET", "/api/v1/openapi.json", permissions::open,
      [&router, version = std::move(version)](Request&) { return document(router, version); });
}

}  // namespace temps::http
