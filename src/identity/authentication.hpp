// Who is behind the credentials of a request.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "http/server.hpp"
#include "identity/identity.hpp"
#include "identity/second_factors.hpp"

namespace temps::identity {

// Over https the name makes browsers refuse it from anyone but this very host, so that an app on a
// subdomain cannot plant one of its own.
std::string_view session_cookie(const http::Request& request);

// An API key as bearer token or as the password of Basic authentication (git), else the first
// session cookie that is valid. A wrong key fails with `bad_key`; a cookie that is not valid any
// more is as good as none, because browsers go on sending it to the login page.
class Authentication final : public http::Authenticator {
 public:
  explicit Authentication(Identity& identity) : identity_(identity) {}
  // Where a second factor is required, people without one reach nothing but what they need to get
  // one; all else of the API fails with `factor_required`.
  Authentication(Identity& identity, SecondFactors& factors, const Options& options)
      : identity_(identity), factors_(options.require_second_factor ? &factors : nullptr) {}
  Task<http::Principal> authenticate(const http::Request& request) override;

 private:
  Task<http::Principal> known(const http::Request& request);
  Task<bool> lacks_factor(UserId user);

  Identity& identity_;
  SecondFactors* factors_ = nullptr;
};

// The key in an Authorization field; nothing when it holds no such thing.
std::optional<std::string> key_in(std::string_view authorization);

}  // namespace temps::identity
