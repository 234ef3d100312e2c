#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"
#include "identity/rules.hpp"

namespace temps::identity {
namespace {

struct FactorView {
  bool enabled;
  std::optional<Instant> since;
  std::int64_t recovery_codes_left;
};
struct PasswordBody {
  Secret password;
};
struct ConfirmBody {
  Secret code;
};
struct ProofBody {
  Secret password;
  Secret code;  // of the app, or a recovery code
};
// For the app, as a QR code or typed.
struct EnrolmentView {
  Disclosed secret;
  Disclosed uri;
};
struct RecoveryCodesView {
  std::vector<Disclosed> recovery_codes;
};

RecoveryCodesView view(const RecoveryCodes& codes) {
  RecoveryCodesView shown;
  for (const auto& code : codes) shown.recovery_codes.push_back({code.reveal()});
  return shown;
}

LoginAttempt attempt_of(const http::Request& request, const http::Caller& caller, Secret password) {
  return {
      .email = caller.email, .password = std::move(password), .address = request.client_address};
}

// All sessions end; the browser that asks gets a new one.
Task<http::Headers> rotate(Logins& logins, const http::Request& request,
                           const http::Caller& caller) {
  co_await logins.sessions().end_all(id_of(caller));
  if (caller.kind != "session") co_return http::Headers{};
  auto user = co_await logins.identity().user(id_of(caller));
  auto begun = co_await begin_session(logins.identity(), request, std::move(user));
  co_return std::move(begun.headers);
}

Task<http::Ok<FactorView>> get_second_factor(Logins& logins, http::Caller caller) {
  const auto state = co_await logins.factors().state(id_of(caller));
  co_return http::Ok<FactorView>{{.enabled = state.confirmed_at.has_value(),
                                  .since = state.confirmed_at,
                                  .recovery_codes_left = state.recovery_codes}};
}

Task<http::Created<EnrolmentView>> enrol_second_factor(Logins& logins, const http::Request& request,
                                                       http::Caller caller,
                                                       http::Body<PasswordBody> body) {
  auto user = co_await logins.identity().check_login(
      attempt_of(request, caller, std::move(body.value.password)));
  const auto enrolment = co_await logins.factors().enrol(std::move(user));
  co_return http::Created<EnrolmentView>{{{enrolment.secret.reveal()}, {enrolment.uri.reveal()}}};
}

Task<http::Created<RecoveryCodesView>> confirm_second_factor(Logins& logins,
                                                             const http::Request& request,
                                                             http::Caller caller,
                                                             http::Body<ConfirmBody> body) {
  const auto codes = co_await logins.factors().confirm(id_of(caller), std::move(body.value.code));
  co_return http::Created<RecoveryCodesView>{view(codes), co_await rotate(logins, request, caller)};
}

Task<http::Created<RecoveryCodesView>> renew_recovery_codes(Logins& logins,
                                                            const http::Request& request,
                                                            http::Caller caller,
                                                            http::Body<ProofBody> body) {
  co_await logins.check_again(attempt_of(request, caller, std::move(body.value.password)),
                              std::move(body.value.code));
  const auto codes = co_await logins.factors().renew_recovery_codes(id_of(caller));
  co_return http::Created<RecoveryCodesView>{view(codes)};
}

Task<http::NoContent> disable_second_factor(Logins& logins, const http::Request& request,
                                            http::Caller caller, http::Body<ProofBody> body) {
  co_await logins.check_again(attempt_of(request, caller, std::move(body.value.password)),
                              std::move(body.value.code));
  co_await logins.factors().remove(id_of(caller));
  co_return http::NoContent{co_await rotate(logins, request, caller)};
}

// For who has lost phone and recovery codes.
Task<http::NoContent> reset_second_factor(Logins& logins, http::Caller caller,
                                          http::Path<UserId> user) {
  const auto found = co_await logins.identity().user(user.value);
  co_await check_rank(caller.gives(), found.role);
  co_await logins.factors().remove(user.value);
  co_await logins.sessions().end_all(user.value);
  co_return http::NoContent{};
}

}  // namespace

void add_second_factor_routes(http::Router& router, Logins& logins) {
  const std::string own = "/api/v1/me/second-factor";
  auto api = router.bind(logins);
  api.get<get_second_factor>(own, permissions::own, "Is the own second factor on?");
  api.post<enrol_second_factor>(own, permissions::own, "Ask for a secret for the own app");
  api.post<confirm_second_factor>(own + "/confirm", permissions::own,
                                  "Turn the own second factor on");
  api.post<renew_recovery_codes>(own + "/recovery-codes", permissions::own,
                                 "Make new recovery codes");
  api.post<disable_second_factor>(own + "/disable", permissions::own,
                                  "Turn the own second factor off");
  api.del<reset_second_factor>("/api/v1/users/{user}/second-factor", permissions::users,
                               "Turn somebody's second factor off");
}

}  // namespace temps::identity
