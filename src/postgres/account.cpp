#include "postgres/account.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "core/text.hpp"
#include "postgres/errors.hpp"

namespace temps::postgres {

namespace {

template <class Lookup>
std::optional<Account> look_up(Lookup lookup) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> texts{};
  if (lookup(&entry, texts.data(), texts.size(), &found) != 0 || !found) return std::nullopt;
  return Account{.name = found->pw_name, .user = {.uid = found->pw_uid, .gid = found->pw_gid}};
}
std::optional<Account> by_id(uid_t uid) {
  return look_up([uid](auto... rest) { return ::getpwuid_r(uid, rest...); });
}
std::optional<Account> by_name(const std::string& name) {
  return look_up([&name](auto... rest) { return ::getpwnam_r(name.c_str(), rest...); });
}

}  // namespace

Result<Account> choose_account(const std::filesystem::path& data,
                               const std::vector<std::string>& names) {
  if (::geteuid() != 0) {
    if (auto own = by_id(::geteuid())) return *own;
    return fail(errors::no_user,
                "user {} has no entry in /etc/passwd, without which PostgreSQL cannot make its "
                "data folder. Start Temps as a user that has one",
                ::geteuid());
  }
  std::optional<Account> account;
  struct stat status{};
  if (::stat(data.c_str(), &status) == 0 && status.st_uid != 0) {
    account = by_id(status.st_uid);
    if (!account) {
      return fail(errors::no_user,
                  "the data in {} belongs to user {}, which this machine does not have. Give the "
                  "folder to one of: {} (chown -R)",
                  data.native(), status.st_uid, join(names, ", "));
    }
  }
  for (const auto& name : names) {
    if (account) break;
    account = by_name(name);
  }
  if (!account || account->user.uid == 0) {
    return fail(
        errors::no_user,
        "PostgreSQL refuses to run as root, and there is no user {} to run it as. Make one: "
        "useradd --system --no-create-home --shell /usr/sbin/nologin {}",
        join(names, " or "), names.empty() ? "temps-db" : names.front());
  }
  account->is_switched = true;
  return *account;
}

}  // namespace temps::postgres
