// Errors as the HTTP API tells them; the public part stands in server.hpp.
#pragma once
#include <string>

#include "http/server.hpp"

namespace temps::http {

// The JSON Schema of a problem document.
std::string problem_schema();

int status_for(const Error& error);

// With a status that no kind has, for refusals of the HTTP layer itself.
Response problem(const Error& error, const Request& request, int status);

}  // namespace temps::http
