// What happens to a request between its head and its handler; knows no sockets.
#pragma once
#include <chrono>
#include <string>

#include "core/task.hpp"
#include "http/journal.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace temps::http {

// Decodes the path as the request line has it. Fails with `http.bad_path`: an escape that is none,
// NUL and other control characters, an encoded slash, "." and ".." segments, text that is no UTF-8.
Result<std::string> decode_path(std::string_view path);

// How often the caller of an event stream is asked for again.
inline constexpr std::chrono::milliseconds check_interval{5'000};

// Checks and calls; every failure has become a problem in the response. With a journal no change is
// made before it is noted there. An event stream ends when its caller may not have it any more:
// the login was ended, or the right taken away.
Task<Response> dispatch(const Router& router, Authenticator& authenticator, Request& request,
                        Journal* journal = nullptr,
                        std::chrono::milliseconds check_again = check_interval);

// Fails with `http.cross_site`; the rule stands with Server.
Result<> check_cross_site(const Request& request);

// The headers of every response, where the handler has not set its own.
void add_security_headers(Response& response, const Request& request);

}  // namespace temps::http
