// How often a password may be guessed. Counted in memory; what has changed is handed out to be kept
// across restarts (LoginCounts).
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace temps::identity {

// One count, as it is kept. Fields in the order of the columns.
struct LoginCount {
  std::string key;
  Instant since;
  std::int32_t attempts = 0;
};

class LoginLimits {
 public:
  static constexpr std::chrono::minutes window{15};
  // From one address at one account; a person who mistypes gets here at most.
  static constexpr std::uint32_t pair_max = 8;
  // From one address (IPv6: one /64) at all accounts together.
  static constexpr std::uint32_t address_max = 40;
  // At one account from everywhere. High, so that nobody locks the owner out by guessing badly.
  static constexpr std::uint32_t account_max = 200;
  static constexpr std::size_t entries_max = 20'000;

  explicit LoginLimits(const Clock& clock) : clock_(clock) {}

  // Counts an attempt before its outcome is known. Fails with `too_many_attempts`, which says when
  // to try again.
  Result<> attempt(std::string_view email, std::string_view address);
  // The password was right: what this address did wrong at this account is forgotten.
  void succeeded(std::string_view email, std::string_view address);

  // What an earlier process has counted.
  void restore(const LoginCount& count);
  // What has changed since the last call; a count that is gone has no attempts.
  std::vector<LoginCount> take_changed();

 private:
  struct Count {
    Instant since;
    std::uint32_t attempts = 0;
  };
  Count& count_of(const std::string& key);
  void make_room();

  const Clock& clock_;
  std::unordered_map<std::string, Count> counts_;
  std::unordered_set<std::string> changed_;
};

// What an attacker has only one of: the address, or the first half of an IPv6 one.
std::string network_of(std::string_view address);

}  // namespace temps::identity
