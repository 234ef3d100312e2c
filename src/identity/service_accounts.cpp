#include "identity/service_accounts.hpp"

#include <algorithm>
#include <utility>

#include "identity/queries.hpp"

namespace temps::identity {
namespace {

Result<> check_name(std::string_view name) {
  constexpr std::size_t name_bytes_max = 63;
  const bool is_plain = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (name.size() >= 2 && name.size() <= name_bytes_max && is_plain && !name.starts_with('-')) {
    return {};
  }
  return fail(Error(errors::bad_user, "a service account has a name such as ci-runner",
                    {{"/name", "2 to 63 of a-z, 0-9 and -"}}));
}

}  // namespace

Task<User> ServiceAccounts::create(std::string name, Role role) {
  co_await check_name(name);
  const auto now = clock_.now();
  const auto id = co_await database_.maybe(queries::insert_service, name, role, now);
  if (!id) co_await fail(errors::email_taken, "there is a service account \"{}\" already", name);
  co_return User{*id, std::move(name), role, now, UserKind::service};
}

Task<std::vector<User>> ServiceAccounts::list() {
  co_return co_await database_.all(queries::list_services);
}

Task<User> ServiceAccounts::get(UserId id) {
  auto found = co_await database_.maybe(queries::get_user, id);
  if (!found || found->kind != UserKind::service) {
    co_await fail(errors::no_such_user, "there is no service account {}", id.value);
  }
  co_return std::move(*found);
}

}  // namespace temps::identity
