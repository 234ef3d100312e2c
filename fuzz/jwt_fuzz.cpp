// Any bytes as a token and as a set of keys: what is read stays within its limits, and no signature
// is good by chance.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "jwt/jwt.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto own = jwt::KeySet::parse(
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
      R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
  if (!own) std::abort();
  // A token, a line's end, and the keys of whoever sent it.
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = text.find('\n');
  const auto token = jwt::parse(text.substr(0, line));
  const auto keys = line == text.npos ? own : jwt::KeySet::parse(text.substr(line + 1));
  if (keys && (keys->size() == 0 || keys->size() > jwt::keys_max)) std::abort();
  if (!token) {
    if (token.error().detail().empty()) std::abort();
    return 0;
  }
  if (!token->claims.is_object() || token->signature.empty()) std::abort();
  if (keys && keys->verify(*token) && !keys->has_key_of(*token)) std::abort();
  static_cast<void>(jwt::check_claims(
      token->claims, {.issuer = "i", .audience = "a", .nonce = "n", .now = Instant{}}));
  return 0;
}
