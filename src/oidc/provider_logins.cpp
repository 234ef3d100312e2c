#include "oidc/provider_logins.hpp"

#include <utility>

#include "core/text.hpp"

namespace temps::oidc {

namespace {

// Our own words for what the standards name. What the provider, or whoever made the link, writes
// beside it is never shown.
Error error_of(std::string_view code, const Provider& provider) {
  if (code == "access_denied") {
    return {errors::denied,
            fmt::format("{} says that the login was refused there; try again, or log in with a "
                        "password",
                        provider.label)};
  }
  if (code == "temporarily_unavailable" || code == "server_error") {
    return {errors::provider_failed,
            fmt::format("{} cannot log anybody in at this moment; try again shortly, or log in "
                        "with a password",
                        provider.label)};
  }
  for (const auto* known : {"invalid_request", "unauthorized_client", "unsupported_response_type",
                            "invalid_scope", "interaction_required", "login_required",
                            "account_selection_required", "consent_required"}) {
    if (code != known) continue;
    return {errors::provider_failed,
            fmt::format("{} does not take this login ({}); an admin has to compare the client "
                        "there with the login provider here",
                        provider.label, known)};
  }
  return {errors::provider_failed,
          fmt::format("{} sent you back with an error that no standard names; try again, or log "
                      "in with a password",
                      provider.label)};
}

}  // namespace

Task<Started> ProviderLogins::begin(NewFlow wanted) {
  const auto provider = co_await providers_.get(wanted.provider);
  const auto metadata = co_await issuers_.metadata(provider.issuer);
  const auto redirect_uri = wanted.redirect_uri;
  auto departure = co_await flows_.begin(std::move(wanted));
  const auto& endpoint = metadata.authorization_endpoint;
  const auto separator = endpoint.find('?') == std::string::npos ? '?' : '&';
  auto url = fmt::format(
      "{}{}response_type=code&scope=openid%20email&client_id={}&redirect_uri={}&state={}&nonce={}"
      "&code_challenge={}&code_challenge_method=S256",
      endpoint, separator, percent_encoded(provider.client_id), percent_encoded(redirect_uri),
      departure.state.reveal(), departure.nonce, departure.challenge);
  co_return Started{std::move(url), std::move(departure.browser)};
}

Task<Arrival> ProviderLogins::complete(Answer answer, std::vector<std::string> cookies) {
  auto flow = co_await flows_.take(answer.state, cookies);
  const auto provider = co_await providers_.get(flow.wanted.provider);
  const auto metadata = co_await issuers_.metadata(provider.issuer);
  const bool is_named = answer.issuer.has_value();
  if (answer.provider != provider.name || (is_named && *answer.issuer != metadata.issuer) ||
      (!is_named && metadata.names_itself)) {
    co_await fail(errors::mixed_up,
                  "{} was asked, and another provider answered; begin the login anew",
                  provider.label);
  }
  if (answer.error) co_await fail(error_of(*answer.error, provider));
  if (!answer.code) co_await fail(error_of("", provider));
  auto secret = co_await providers_.secret(provider);
  auto person =
      co_await issuers_.redeem(metadata, {.client_id = provider.client_id,
                                          .client_secret = std::move(secret),
                                          .code = std::move(*answer.code),
                                          .verifier = std::move(flow.verifier),
                                          .redirect_uri = std::move(flow.wanted.redirect_uri),
                                          .nonce = std::move(flow.nonce)});
  co_return Arrival{.provider = provider,
                    .person = std::move(person),
                    .return_path = std::move(flow.wanted.return_path),
                    .linking = flow.wanted.linking};
}

}  // namespace temps::oidc
