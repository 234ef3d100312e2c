// Access for whoever may read the data folder: a token that lives as long as the process.
#pragma once
#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "http/server.hpp"

namespace temps::app {

// Accepts the local token as an owner's; everything else is for `next` to decide.
class LocalAccess final : public http::Authenticator {
 public:
  explicit LocalAccess(http::Authenticator& next);

  // Leaves the token in a file that only the owner of the data folder can read.
  Result<> publish(const std::filesystem::path& file) const;
  Task<http::Principal> authenticate(const http::Request& request) override;

 private:
  http::Authenticator& next_;
  std::string token_;
};

}  // namespace temps::app
