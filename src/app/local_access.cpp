#include "app/local_access.hpp"

#include "core/random.hpp"
#include "crypto/crypto.hpp"
#include "files/files.hpp"
#include "identity/authentication.hpp"

namespace temps::app {

LocalAccess::LocalAccess(http::Authenticator& next)
    : next_(next), token_("local_" + random_token(32)) {}

Result<> LocalAccess::publish(const std::filesystem::path& file) const {
  return files::write_atomically(file, token_ + "\n", 0600);
}

Task<http::Principal> LocalAccess::authenticate(const http::Request& request) {
  const auto field = request.headers.find("Authorization");
  const auto key = field ? identity::key_in(*field) : std::nullopt;
  if (key && crypto::equal_in_constant_time(*key, token_)) {
    co_return http::Principal{
        .user = 0, .email = "local", .role = Role::owner, .kind = "local", .credential = 0};
  }
  co_return co_await next_.authenticate(request);
}

}  // namespace temps::app
