#include "oidc/metadata.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace temps::oidc {

namespace {

constexpr std::size_t url_bytes_max = 1000;

template <class... Args>
std::unexpected<Error> refuse(fmt::format_string<Args...> text, Args&&... args) {
  auto detail = fmt::format(text, std::forward<Args>(args)...);
  return fail(Error(errors::bad_issuer, detail, {{"/issuer", detail}}));
}

bool is_this_machine(std::string_view host) {
  constexpr std::array names{"localhost", "127.0.0.1", "::1"};
  return std::ranges::find(names, host) != names.end();
}

// Such a list may be left out; then `otherwise` is what the standard says.
bool offers(const json::Value& document, std::string_view list, std::string_view wanted,
            bool otherwise) {
  const auto found = document.find(list);
  if (!found) return otherwise;
  return std::ranges::any_of(found->items(),
                             [&](const json::Value& one) { return one.as_string() == wanted; });
}

std::string text_at(const json::Value& document, std::string_view name) {
  const auto found = document[name];
  return std::string(found.as_string().value_or(""));
}

Result<> check_offers(const json::Value& document) {
  if (!offers(document, "response_types_supported", "code", true)) {
    return refuse("this issuer does not offer the authorization code flow");
  }
  if (!offers(document, "code_challenge_methods_supported", "S256", true)) {
    return refuse("this issuer does not offer PKCE with S256");
  }
  const auto* list = "id_token_signing_alg_values_supported";
  if (!offers(document, list, "RS256", true) && !offers(document, list, "ES256", false)) {
    return refuse("this issuer signs neither by RS256 nor by ES256");
  }
  return {};
}

}  // namespace

Result<> check_address(std::string_view url, const Options& options) {
  const auto shown = to_utf8(url.substr(0, 200));
  const auto is_odd = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f ||
           c == '"' || c == '\\' || c == '<' || c == '>' || c == '#' || c == '@';
  };
  const auto parsed = http::parse_url(url);
  if (!parsed || url.size() > url_bytes_max || std::ranges::any_of(url, is_odd)) {
    return refuse("{} is no address such as https://id.example.org", shown);
  }
  if (parsed->is_secure()) return {};
  if (!is_this_machine(parsed->host)) return refuse("{} has to begin with https://", shown);
  if (options.loopback_http) return {};
  return refuse(
      "{} has to begin with https://; for a try on this machine: loopback_http_issuers = on",
      shown);
}

Result<> check_issuer(std::string_view issuer, const Options& options) {
  if (auto checked = check_address(issuer, options); !checked) return checked;
  if (issuer.find('?') == std::string_view::npos) return {};
  return refuse("an issuer's address has no ? in it");
}

std::string discovery_url(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

Result<Metadata> read_metadata(std::string_view text, std::string_view issuer,
                               const Options& options) {
  auto parsed = json::parse(text, {.size_bytes_max = answer_bytes_max, .depth_max = depth_max});
  const json::Value document = parsed ? json::Value(*parsed, json::root(**parsed)) : json::Value{};
  if (!document.is_object()) {
    return refuse("{} holds no document of an OpenID Connect issuer", discovery_url(issuer));
  }
  Metadata metadata{.issuer = text_at(document, "issuer"),
                    .authorization_endpoint = text_at(document, "authorization_endpoint"),
                    .token_endpoint = text_at(document, "token_endpoint"),
                    .jwks_uri = text_at(document, "jwks_uri"),
                    .userinfo_endpoint = text_at(document, "userinfo_endpoint")};
  if (metadata.issuer != issuer) {
    return refuse("the issuer calls itself \"{}\"; the address has to be exactly that",
                  to_utf8(metadata.issuer.substr(0, 200)));
  }
  for (const auto* url :
       {&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri}) {
    if (url->empty()) return refuse("the issuer's document names not all of its addresses");
    if (auto checked = check_address(*url, options); !checked) return fail(checked.error());
  }
  if (!check_address(metadata.userinfo_endpoint, options)) metadata.userinfo_endpoint.clear();
  if (auto checked = check_offers(document); !checked) return fail(checked.error());
  const auto* methods = "token_endpoint_auth_methods_supported";
  metadata.secret_in_body = !offers(document, methods, "client_secret_basic", true) &&
                            offers(document, methods, "client_secret_post", false);
  metadata.names_itself =
      document["authorization_response_iss_parameter_supported"].as_bool().value_or(false);
  return metadata;
}

}  // namespace temps::oidc
