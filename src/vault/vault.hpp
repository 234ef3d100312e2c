// Vault: seals the secrets that lie in the database, under one key that lies in a file outside of
// it.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/secret.hpp"
#include "vault/errors.hpp"

namespace temps::vault {

struct Options {
  std::filesystem::path key_file;
};

class Vault {
 public:
  explicit Vault(const Options& options) : options_(options) {}

  // Reads the key, or makes one where there is no file yet: once, at the start of the process.
  // Fails with `bad_key_file`, also when others than its owner may read the file.
  Result<> prepare();

  // `bound_to` names the place of the secret ("certificates/3"); a sealed text opens nowhere else.
  // Both fail with what prepare() fails with, where that was not called; open() fails with
  // `other_key`, also for what was changed.
  Result<std::string> seal(const Secret& secret, std::string_view bound_to);
  Result<Secret> open(std::string_view sealed, std::string_view bound_to);

 private:
  const Options& options_;
  Secret key_;
};

}  // namespace temps::vault
