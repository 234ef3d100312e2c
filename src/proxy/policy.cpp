#include "proxy/policy.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::proxy {
int RequestRate::take(std::string_view address, Clock::time_point now) {
  constexpr double seconds = 60;
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(address);
  if (found == buckets_.end()) {
    if (buckets_.size() >= addresses_max) forget_full(now);
    found = buckets_.emplace(address, Bucket{per_minute_, now}).first;
  }
  auto& bucket = found->second;
  const std::chrono::duration<double> passed = now - bucket.at;
  bucket.left = std::min(per_minute_, bucket.left + passed.count() * per_minute_ / seconds);
  bucket.at = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return 0;
  }
  return static_cast<int>(std::ceil((1 - bucket.left) * seconds / per_minute_));
}

// Who has not come for a minute has a full bucket, as if it had never come.
void RequestRate::forget_full(Clock::time_point now) {
  std::erase_if(buckets_,
                [&](const auto& entry) { return now - entry.second.at > std::chrono::minutes(1); });
  if (buckets_.size() >= addresses_max) buckets_.clear();
}

Policy::Policy(routing::Policy wanted, std::shared_ptr<RequestRate> rate)
    : wanted_(std::move(wanted)), rate_(std::move(rate)) {
  for (const auto& text : wanted_.allowed) static_cast<void>(networks_.add(text));
}

bool Policy::allows(std::string_view client) const {
  return wanted_.allowed.empty() || networks_.contains(client);
}

// "Basic " and base64 of "user:password" (RFC 7617).
bool Policy::knows(std::string_view authorization) const {
  constexpr std::string_view scheme = "basic ";
  if (authorization.size() < scheme.size() ||
      !equal_ignoring_case(authorization.substr(0, scheme.size()), scheme))
    return false;
  const auto given = from_base64(trimmed(authorization.substr(scheme.size())));
  if (!given) return false;
  const auto [user, password] = cut(*given, ":");
  const auto [salt_text, hash_text] = cut(wanted_.password, ":");
  const auto salt = from_hex(salt_text);
  const auto hash = from_hex(hash_text);
  if (!salt || !hash) return false;
  const bool is_password =
      crypto::equal_in_constant_time(crypto::hmac_sha256(*salt, password), *hash);
  return crypto::equal_in_constant_time(user, wanted_.user) && is_password;
}

std::optional<Notice> Policy::objection(const http1::RequestHead& head,
                                        std::string_view client) const {
  if (!allows(client)) return notices::not_allowed();
  if (rate_ != nullptr)
    if (const int wait = rate_->take(client, RequestRate::Clock::now()); wait > 0)
      return notices::too_many_requests(wait);
  if (!wanted_.user.empty() && !knows(head.fields.value(http1::FieldId::authorization)))
    return notices::login_needed();
  if (wanted_.maintenance) return notices::maintenance(head.host);
  return std::nullopt;
}

bool Policy::sets(std::string_view name) const {
  return std::ranges::any_of(wanted_.response_headers, [&](const routing::HeaderField& field) {
    return equal_ignoring_case(field.name, name);
  });
}

std::uint64_t Policy::body_bytes_max(std::uint64_t standard) const {
  return wanted_.body_bytes_max > 0 ? static_cast<std::uint64_t>(wanted_.body_bytes_max) : standard;
}

std::chrono::milliseconds Policy::first_byte(std::chrono::milliseconds standard) const {
  return wanted_.first_byte_seconds > 0 ? std::chrono::seconds(wanted_.first_byte_seconds)
                                        : standard;
}

std::shared_ptr<const Policy> PolicyRegistry::get(const routing::Route& route) {
  if (!route.policy) return nullptr;
  std::shared_ptr<RequestRate> rate;
  if (const auto per_minute = route.policy->requests_per_minute; per_minute > 0) {
    auto& known = rates_[route.host + "\n" + std::to_string(per_minute)];
    if (known == nullptr) known = std::make_shared<RequestRate>(per_minute);
    rate = known;
  }
  return std::make_shared<const Policy>(*route.policy, std::move(rate));
}

void PolicyRegistry::forget_unused() {
  std::erase_if(rates_, [](const auto& entry) { return entry.second.use_count() == 1; });
}

}  // namespace temps::proxy
