#include "identity/login_limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"
#include "identity/errors.hpp"

namespace temps::identity {
namespace {

std::string pair_key(std::string_view email, std::string_view network) {
  return "p " + std::string(email) + " " + std::string(network);
}
std::string address_key(std::string_view network) { return "n " + std::string(network); }
std::string account_key(std::string_view email) { return "a " + std::string(email); }

}  // namespace

std::string network_of(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return std::string(address);
  // The groups before "::" that stand in the first half; what "::" leaves out is zero.
  const auto head = cut(address, "::").first;
  std::string network;
  std::size_t groups = 0;
  for (const auto group : split(head, ':')) {
    if (groups++ == 4) break;
    network.append(group).append(":");
  }
  return network;
}

LoginLimits::Count& LoginLimits::count_of(const std::string& key) {
  if (counts_.size() >= entries_max && !counts_.contains(key)) make_room();
  auto& count = counts_[key];
  if (count.attempts == 0 || clock_.now() - count.since >= window) count = {clock_.now(), 0};
  return count;
}

void LoginLimits::make_room() {
  const auto now = clock_.now();
  std::erase_if(counts_, [now](const auto& entry) { return now - entry.second.since >= window; });
  if (counts_.size() < entries_max) return;
  // Under so many addresses at once the counts of a few are the lesser loss.
  std::size_t left = entries_max / 10;
  std::erase_if(counts_, [&left](const auto& entry) {
    return entry.second.attempts < pair_max && left > 0 && left-- > 0;
  });
  if (counts_.size() >= entries_max) counts_.clear();
}

Result<> LoginLimits::attempt(std::string_view email, std::string_view address) {
  const auto network = network_of(address);
  const std::array<std::pair<std::string, std::uint32_t>, 3> limits{
      {{pair_key(email, network), pair_max},
       {address_key(network), address_max},
       {account_key(email), account_max}}};
  for (const auto& [key, max] : limits) {
    const auto& count = count_of(key);
    if (count.attempts < max) continue;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(count.since + window - clock_.now());
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
    return fail(Error(errors::too_many_attempts,
                      fmt::format("too many attempts to log in; try again in {} minute{}", minutes,
                                  minutes == 1 ? "" : "s"))
                    .retry_in(std::max(wait, std::chrono::seconds(1))));
  }
  for (const auto& [key, max] : limits) {
    ++count_of(key).attempts;
    changed_.insert(key);
  }
  return {};
}

void LoginLimits::succeeded(std::string_view email, std::string_view address) {
  const auto network = network_of(address);
  counts_.erase(pair_key(email, network));
  changed_.insert(pair_key(email, network));
  for (const auto& key : {address_key(network), account_key(email)}) {
    auto& count = count_of(key);
    count.attempts -= std::min(count.attempts, std::uint32_t{1});
    changed_.insert(key);
  }
}

void LoginLimits::restore(const LoginCount& count) {
  if (count.attempts <= 0 || counts_.size() >= entries_max) return;
  counts_.try_emplace(count.key, count.since, static_cast<std::uint32_t>(count.attempts));
}

std::vector<LoginCount> LoginLimits::take_changed() {
  std::vector<LoginCount> taken;
  for (const auto& key : changed_) {
    const auto found = counts_.find(key);
    const auto count = found == counts_.end() ? Count{clock_.now(), 0} : found->second;
    taken.push_back({key, count.since, static_cast<std::int32_t>(count.attempts)});
  }
  changed_.clear();
  return taken;
}

}  // namespace temps::identity
