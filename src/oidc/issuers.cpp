#include "oidc/issuers.hpp"

#include <utility>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "identity/rules.hpp"
#include "json/json.hpp"

namespace temps::oidc {

namespace {

constexpr std::size_t subject_bytes_max = 255;  // OpenID Connect Core 1.0, 2

json::Value object_in(const std::string& text) {
  auto document = json::parse(text, {.size_bytes_max = answer_bytes_max, .depth_max = depth_max});
  if (!document) return {};
  json::Value value(*document, json::root(**document));
  return value.is_object() ? value : json::Value{};
}

std::string text_at(const json::Value& object, std::string_view name) {
  const auto found = object[name];
  return std::string(found.as_string().value_or(""));
}

// For the body of a form and, as RFC 6749 (2.3.1) wants it, for both halves of a client's name.
std::string form(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, percent_encoded(value));
  }
  return text;
}

// Errors that the standards name; what else somebody writes there is nobody's to read.
std::string known_error(const json::Value& answer) {
  const auto code = text_at(answer, "error");
  for (const auto* known : {"invalid_request", "invalid_client", "invalid_grant",
                            "unauthorized_client", "unsupported_grant_type", "invalid_scope"}) {
    if (code == known) return code;
  }
  return "an error";
}

std::string advice(std::string_view error) {
  if (error == "invalid_client") return "; an admin has to look at the client id and its secret";
  return "; begin the login anew";
}

std::unexpected<Error> not_proved(const Error& cause) {
  return fail(Error(errors::not_proved,
                    fmt::format("the provider's answer is not accepted ({}); begin the login anew",
                                cause.detail())));
}

}  // namespace

Task<http::ClientResponse> Issuers::ask(std::string url, http::ClientRequest request) {
  const auto where = co_await http::parse_url(url);
  if (where.is_secure() && !trust_) trust_ = co_await tls::Trust::load(options_.ca_file);
  request.target = where.path;
  request.headers.add("Accept", "application/json");
  http::Client client(loop_, where, trust_);
  auto answer =
      co_await attempt(client.send(std::move(request), answer_time_max, answer_bytes_max));
  if (answer) co_return std::move(*answer);
  co_await check_cancelled();
  co_await fail(Error(errors::unreachable,
                      fmt::format("{} does not answer as it should ({}); check the address and "
                                  "this machine's way to it",
                                  where.authority(), answer.error().detail())));
  std::unreachable();
}

Task<Metadata> Issuers::metadata(std::string issuer) {
  const auto now = clock_.now();
  const auto found = kept_.find(issuer);
  if (found != kept_.end() && now - found->second.since < kept) co_return found->second.metadata;
  co_await check_issuer(issuer, options_);
  const auto answer = co_await ask(discovery_url(issuer), {});
  if (answer.status != 200) {
    co_await fail(Error(errors::bad_issuer,
                        fmt::format("{} answers with status {}; check the issuer's address",
                                    discovery_url(issuer), answer.status),
                        {{"/issuer", fmt::format("answers with status {}", answer.status)}}));
  }
  auto read = co_await read_metadata(answer.body, issuer, options_);
  auto& entry = kept_[issuer];
  // Keys that are kept stay good as long as they are; the pause between two questions, too.
  if (entry.metadata.jwks_uri != read.jwks_uri) entry.keys.reset();
  entry.metadata = read;
  entry.since = now;
  co_return read;
}

Task<Metadata> Issuers::discover(std::string issuer) {
  kept_.erase(issuer);
  auto found = co_await attempt(metadata(issuer));
  kept_.erase(issuer);
  auto read = co_await std::move(found);
  co_await fetch_keys(read);
  co_return read;
}

Task<jwt::KeySet> Issuers::fetch_keys(Metadata metadata) {
  const auto answer = co_await ask(metadata.jwks_uri, {});
  auto keys = jwt::KeySet::parse(answer.body);
  if (answer.status != 200 || !keys) {
    co_await fail(
        errors::bad_issuer, "{} holds no keys that can be used ({})", metadata.jwks_uri,
        keys ? fmt::format("status {}", answer.status) : std::string(keys.error().detail()));
  }
  co_return std::move(*keys);
}

Task<jwt::KeySet> Issuers::keys_for(Metadata metadata, const jwt::Token& token) {
  const auto now = clock_.now();
  auto& entry = kept_[metadata.issuer];
  const auto age = now - entry.keys_asked_at;
  const bool is_known = entry.keys && entry.keys->has_key_of(token) && age < kept;
  if (is_known || (entry.keys && age < keys_pause)) co_return *entry.keys;
  entry.keys_asked_at = now;
  auto keys = co_await fetch_keys(metadata);
  kept_[metadata.issuer].keys = keys;
  co_return keys;
}

Task<json::Value> Issuers::redeem_code(Metadata metadata, Redemption redemption) {
  http::ClientRequest request{.method = "POST"};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  std::vector<std::pair<std::string_view, std::string_view>> fields{
      {"grant_type", "authorization_code"},
      {"code", redemption.code.reveal()},
      {"redirect_uri", redemption.redirect_uri},
      {"code_verifier", redemption.verifier.reveal()}};
  if (metadata.secret_in_body) {
    fields.emplace_back("client_id", redemption.client_id);
    fields.emplace_back("client_secret", redemption.client_secret.reveal());
  } else {
    request.headers.add("Authorization",
                        "Basic " + to_base64(percent_encoded(redemption.client_id) + ":" +
                                             percent_encoded(redemption.client_secret.reveal())));
  }
  request.body = form(fields);
  const auto answer = co_await ask(metadata.token_endpoint, std::move(request));
  auto tokens = object_in(answer.body);
  if (answer.status == 200 && tokens["id_token"].is_string()) co_return tokens;
  const auto error = known_error(tokens);
  co_await fail(errors::provider_failed, "the provider did not redeem the login's code: {}{}",
                answer.status == 200 ? "there is no ID token in its answer" : error, advice(error));
  std::unreachable();
}

Task<json::Value> Issuers::claims_of(Metadata metadata, Redemption redemption,
                                     std::string id_token) {
  auto token = jwt::parse(id_token);
  if (!token) co_await not_proved(token.error());
  const auto keys = co_await keys_for(metadata, *token);
  if (const auto verified = keys.verify(*token); !verified) co_await not_proved(verified.error());
  const auto checked = jwt::check_claims(token->claims, {.issuer = metadata.issuer,
                                                         .audience = redemption.client_id,
                                                         .nonce = redemption.nonce,
                                                         .now = clock_.now()});
  if (!checked) co_await not_proved(checked.error());
  co_return std::move(token->claims);
}

Task<json::Value> Issuers::user_info(Metadata metadata, std::string access_token) {
  http::ClientRequest request;
  request.headers.add("Authorization", "Bearer " + access_token);
  const auto answer = co_await ask(metadata.userinfo_endpoint, std::move(request));
  co_return answer.status == 200 ? object_in(answer.body) : json::Value{};
}

Task<Person> Issuers::redeem(Metadata metadata, Redemption redemption) {
  const auto tokens = co_await redeem_code(metadata, redemption);
  const auto claims = co_await claims_of(metadata, redemption, text_at(tokens, "id_token"));
  Person person{.subject = text_at(claims, "sub")};
  if (person.subject.empty() || person.subject.size() > subject_bytes_max ||
      person.subject.find('\0') != std::string::npos) {
    co_await fail(errors::not_proved, "the provider does not say who logged in");
  }
  auto about = claims;
  const auto access_token = text_at(tokens, "access_token");
  const bool is_token = access_token.find_first_of(" \r\n\t") == std::string::npos;
  if (!claims.find("email") && !metadata.userinfo_endpoint.empty() && !access_token.empty() &&
      is_token) {
    about = co_await user_info(metadata, access_token);
    // It could be about anybody else (OpenID Connect Core 1.0, 5.3.2).
    if (about["sub"].as_string() != person.subject) about = claims;
  }
  person.email = identity::normal_email(text_at(about, "email"));
  if (!identity::check_email(person.email)) person.email.clear();
  // "true" as a text is what some write, and no proof.
  person.email_verified =
      !person.email.empty() && about["email_verified"].as_bool().value_or(false);
  co_return person;
}

}  // namespace temps::oidc
