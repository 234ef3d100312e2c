// One route: what it answers to, who may call it, and how the API document describes it.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/permission.hpp"
#include "core/task.hpp"
#include "http/message.hpp"

namespace temps::http {

// The request outlives the response's stream.
using Handler = std::function<Task<Response>(Request&)>;

// A parameter of the path or the query as the API document shows it.
struct ParameterDoc {
  std::string name;
  std::string in;  // "path" or "query"
  bool required = true;
  std::string schema;  // JSON Schema as text
};

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
  // Of a permission about projects, where the path has no {project}: the handler asks for each.
  bool checks_projects = false;
  // Of a project, where no environment is named: all of them are meant, and not production.
  bool spans_environments = false;
  bool hidden = false;                     // not part of the API document (git, pages)
  std::size_t body_bytes_max = 1U << 20U;  // for Body<T>; raw routes limit themselves
  // Does a request change anything, so that it is noted in the journal? Empty: as its method says.
  std::function<bool(const Request&)> changes{};
  Handler call{};
};

}  // namespace temps::http
