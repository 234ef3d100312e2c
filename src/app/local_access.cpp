#include "app/local_access.hpp"

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "files/files.hpp"

namespace temps::app {

namespace {

// The token of `Authorization: Bearer …`, or the password of `Authorization: Basic …`, as git sends
// it.
std::string token_of(const http::Request& request) {
  const auto field = request.headers.find("Authorization");
  if (!field) return {};
  const auto [scheme, rest] = cut(*field, " ");
  if (equal_ignoring_case(scheme, "Bearer")) return std::string(trimmed(rest));
  if (!equal_ignoring_case(scheme, "Basic")) return {};
  const auto decoded = from_base64(trimmed(rest));
  return decoded ? std::string(cut(*decoded, ":").second) : std::string{};
}

}  // namespace

LocalAccess::LocalAccess(http::Authenticator& next)
    : next_(next), token_("local_" + random_token(32)) {}

Result<> LocalAccess::publish(const std::filesystem::path& file) const {
  return files::write_atomically(file, token_ + "\n", 0600);
}

Task<http::Principal> LocalAccess::authenticate(const http::Request& request) {
  if (crypto::equal_in_constant_time(token_of(request), token_)) {
    co_return http::Principal{
        .user = 0, .email = "local", .role = Role::admin, .kind = "local", .credential = 0};
  }
  co_return co_await next_.authenticate(request);
}

}  // namespace temps::app
