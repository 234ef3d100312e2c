#include "core/clock.hpp"
#include "dashboard/dashboard.hpp"
#include "http/errors.hpp"
#include "http/websocket_errors.hpp"
#include "identity/errors.hpp"

namespace temps::dashboard {

Explanations::Explanations() {
  namespace core = temps::errors;
  namespace web = http::errors;
  namespace people = identity::errors;
  add({core::cancelled, core::timed_out, core::internal, core::system, core::bad_time});
  add({web::bad_request, web::bad_path, web::not_found, web::method_not_allowed,
       web::unauthenticated, web::forbidden, web::cross_site, web::unsupported_media,
       web::bad_parameter, web::broken_body, web::body_too_large, web::too_slow, web::bad_url,
       web::bad_response, web::response_too_large});
  add({web::no_websocket, web::bad_frame, web::frame_too_large, web::lost});
  add({people::bad_credentials, people::too_many_attempts, people::busy,
       people::bad_key,         people::bad_user,          people::email_taken,
       people::no_such_user,    people::last_owner,        people::above_own_role,
       people::no_such_key,     people::bad_key_name,      people::too_many_keys,
       people::no_such_session, people::factor_on,         people::factor_off,
       people::not_enrolled,    people::bad_code,          people::too_many_codes,
       people::login_over,      people::login_again,       people::factor_required,
       people::bad_reset_token, people::setup_done,        people::bad_setup_token});
}

void Explanations::add(std::initializer_list<ErrorCode> codes) {
  for (const auto& code : codes) codes_.emplace(code.code, code);
}

const ErrorCode* Explanations::find(std::string_view code) const {
  const auto found = codes_.find(code);
  return found == codes_.end() ? nullptr : &found->second;
}

}  // namespace temps::dashboard
