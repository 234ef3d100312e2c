#include "core/text.hpp"
#include "jwt/jwt.hpp"

namespace temps::jwt {

namespace {

constexpr std::size_t depth_max = 12;
constexpr std::size_t key_id_bytes_max = 512;

std::unexpected<Error> malformed(std::string_view why) {
  return fail(errors::malformed, "this is no signed token: {}", why);
}

std::optional<json::Value> object_in(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) return std::nullopt;
  auto document = json::parse(*text, {.size_bytes_max = token_bytes_max, .depth_max = depth_max});
  if (!document) return std::nullopt;
  json::Value value(*document, json::root(**document));
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::optional<Algorithm> algorithm_of(const json::Value& header) {
  const auto member = header["alg"];
  const auto name = member.as_string();
  if (name == "RS256") return Algorithm::rs256;
  if (name == "ES256") return Algorithm::es256;
  return std::nullopt;
}

}  // namespace

Result<Token> parse(std::string_view text) {
  if (text.size() > token_bytes_max) return malformed("it is too long");
  const auto parts = split(text, '.');
  if (parts.size() != 3) return malformed("it has not three parts");
  const auto header = object_in(parts[0]);
  if (!header) return malformed("its header cannot be read");
  // What the issuer calls critical has to be understood, and nothing of that kind is.
  if (header->find("crit")) return malformed("its header asks for what is not known here");
  const auto algorithm = algorithm_of(*header);
  if (!algorithm) {
    return fail(errors::bad_algorithm, "the token is signed by \"{}\"; RS256 or ES256 is needed",
                to_utf8((*header)["alg"].as_string().value_or("").substr(0, 20)));
  }
  auto claims = object_in(parts[1]);
  if (!claims) return malformed("its claims cannot be read");
  auto signature = from_base64url(parts[2]);
  if (!signature || signature->empty()) return malformed("its signature cannot be read");
  Token token{.algorithm = *algorithm,
              .key_id = {},
              .signed_text = std::string(text.substr(0, parts[0].size() + 1 + parts[1].size())),
              .signature = std::move(*signature),
              .claims = std::move(*claims)};
  if (const auto id = header->find("kid")) {
    const auto name = id->as_string();
    if (!name || name->size() > key_id_bytes_max) return malformed("its key has no name");
    token.key_id = std::string(*name);
  }
  return token;
}

}  // namespace temps::jwt
