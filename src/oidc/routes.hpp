#pragma once
#include <string>
#include <string_view>

#include "http/router.hpp"
#include "identity/logins.hpp"
#include "oidc/people.hpp"
#include "oidc/provider_logins.hpp"
#include "oidc/providers.hpp"

namespace temps::oidc {

// What the handlers work with.
struct Api {
  Providers& providers;
  Issuers& issuers;
  ProviderLogins& provider_logins;
  People& people;
  identity::Logins& logins;
};

// Where a provider sends browsers back to.
std::string redirect_uri_of(const http::Request& request, std::string_view provider);
// The browser's mark of a login that has left for its provider, and the field that sets it; an
// empty value takes it away.
std::string_view login_cookie(const http::Request& request);
http::Headers set_login_cookie(const http::Request& request, std::string_view value);

void add_provider_routes(http::Router& router, Api& api);
void add_login_routes(http::Router& router, Api& api);
void add_link_routes(http::Router& router, Api& api);

// All of them.
void add_routes(http::Router& router, Api& api);

}  // namespace temps::oidc
