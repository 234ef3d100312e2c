// The OpenAPI document of this program, without a server: what docs/api/openapi.json holds.
#pragma once
#include <string>

#include "core/result.hpp"

namespace temps::app {

// Indented, so that a change of the API reads as one.
Result<std::string> api_document();

}  // namespace temps::app
