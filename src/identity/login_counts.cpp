#include "identity/login_counts.hpp"

#include <utility>

#include "identity/sign_in_queries.hpp"

namespace temps::identity {
namespace {

// So many writes are between two looks for what has become old.
constexpr std::uint32_t forget_step = 64;

}  // namespace

Task<> LoginCounts::forget_old() {
  co_await attempt(database_.run(queries::forget_login_counts, clock_.now() - LoginLimits::window));
}

Task<> LoginCounts::restore_once(LoginLimits& limits) {
  if (std::exchange(is_restored_, true)) co_return;
  co_await forget_old();
  const auto rows = co_await attempt(
      database_.all(queries::login_counts, static_cast<std::int64_t>(LoginLimits::entries_max)));
  if (!rows) co_return;
  for (const auto& row : *rows) limits.restore(row);
}

Task<> LoginCounts::keep(LoginLimits& limits) {
  std::vector<std::string> keys;
  std::vector<Instant> since;
  std::vector<std::int32_t> attempts;
  for (auto& count : limits.take_changed()) {
    keys.push_back(std::move(count.key));
    since.push_back(count.since);
    attempts.push_back(count.attempts);
  }
  if (keys.empty()) co_return;
  co_await attempt(database_.run(queries::keep_login_counts, std::move(keys), std::move(since),
                                 std::move(attempts)));
  if (++kept_ % forget_step == 0) co_await forget_old();
}

}  // namespace temps::identity
