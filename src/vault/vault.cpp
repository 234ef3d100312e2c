#include "vault/vault.hpp"

#include <sys/stat.h>

#include "core/log.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "files/files.hpp"

namespace temps::vault {
namespace {

constexpr std::size_t file_bytes_max = 256;

Result<Secret> make(const std::filesystem::path& file) {
  auto key = crypto::new_seal_key();
  if (auto made = files::make_folder(file.parent_path(), 0700); !made) return fail(made.error());
  auto written = files::write_atomically(file, to_base64(key.reveal()) + "\n", 0600);
  if (!written) return fail(written.error());
  log::info("made the key that seals secrets; keep a copy of it apart from that of the database",
            {{"file", file.string()}});
  return key;
}

Result<Secret> read(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077U) != 0) {
    return fail(errors::bad_key_file, "others may read {}; run: chmod 600 {}", file.string(),
                file.string());
  }
  auto text = files::read(file, file_bytes_max);
  if (!text && text.error().is(files::errors::not_found)) return make(file);
  if (!text) return fail(errors::bad_key_file, "{}: {}", file.string(), text.error().detail());
  auto key = from_base64(trimmed(*text));
  if (!key || key->size() != crypto::seal_key_bytes) {
    return fail(errors::bad_key_file,
                "{} does not hold {} bytes in base64; restore it from a copy, or move it away for "
                "a new one, with which older secrets cannot be opened",
                file.string(), crypto::seal_key_bytes);
  }
  return Secret(std::move(*key));
}

}  // namespace

Result<> Vault::prepare() {
  if (!key_.empty()) return {};
  auto key = read(options_.key_file);
  if (!key) return fail(key.error());
  key_ = std::move(*key);
  return {};
}

Result<std::string> Vault::seal(const Secret& secret, std::string_view bound_to) {
  if (auto ready = prepare(); !ready) return fail(ready.error());
  return crypto::seal(key_, secret.reveal(), bound_to);
}

Result<Secret> Vault::open(std::string_view sealed, std::string_view bound_to) {
  if (auto ready = prepare(); !ready) return fail(ready.error());
  auto opened = crypto::open(key_, sealed, bound_to);
  if (!opened) {
    return fail(errors::other_key,
                "a secret was not sealed with the key in {}; restore that file as it was when the "
                "secret was stored",
                options_.key_file.string());
  }
  return opened;
}

}  // namespace temps::vault
