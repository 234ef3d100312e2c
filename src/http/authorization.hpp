// May this caller use this route, for what its path names?
#pragma once
#include "core/result.hpp"
#include "http/router.hpp"

namespace temps::http {

// From the permission's scope: the caller's role on the installation, or the role on the project in
// the path (and its environment), each within the limits of the credential. `request` has its
// principal and path values. Fails with `http.unauthenticated`, `http.forbidden`, and
// Router::hidden_project() for a project that the caller may not see, whether there is one or not.
Result<> check_permission(const Router& router, const Route& route, const Request& request);

}  // namespace temps::http
