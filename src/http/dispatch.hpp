// What happens to a request between its head and its handler; knows no sockets.
#pragma once
#include <string>

#include "core/task.hpp"
#include "http/journal.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace temps::http {

// Decodes the path as the request line has it. Fails with `http.bad_path`: an escape that is none,
// NUL and other control characters, an encoded slash, "." and ".." segments, text that is no UTF-8.
Result<std::string> decode_path(std::string_view path);

// Checks and calls; every failure has become a problem in the response. With a journal no change is
// made before it is noted there.
Task<Response> dispatch(const Router& router, Authenticator& authenticator, Request& request,
                        Journal* journal = nullptr);

// Fails with `http.cross_site`; the rule stands with Server.
Result<> check_cross_site(const Request& request);

// The headers of every response, where the handler has not set its own.
void add_security_headers(Response& response, const Request& request);

}  // namespace temps::http
