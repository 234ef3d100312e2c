// Who calls, with all that they may do at this moment.
#pragma once
#include "access/grants.hpp"
#include "access/tokens.hpp"
#include "http/server.hpp"
#include "identity/authentication.hpp"
#include "projects/projects.hpp"

namespace temps::access {

// What identity says of the caller, with the grants of projects and the names of what a key is
// limited to; deployment tokens, too. Nothing of it is kept, so that a change counts at the next
// request. Fails with `bad_token` and what identity::Authentication fails with.
class Gate final : public http::Authenticator {
 public:
  Gate(sql::Database& database, Grants& grants, Tokens& tokens,
       identity::Authentication& authentication)
      : database_(database), grants_(grants), tokens_(tokens), authentication_(authentication) {}
  Task<http::Principal> authenticate(const http::Request& request) override;

 private:
  sql::Database& database_;
  Grants& grants_;
  Tokens& tokens_;
  identity::Authentication& authentication_;
};

}  // namespace temps::access
