// What an environment wants checked before a request is answered, and said in every answer.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/network.hpp"
#include "core/result.hpp"
#include "http1/http1.hpp"
#include "proxy/by_name.hpp"
#include "proxy/page.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// How many requests clients have made lately: a bucket for each address that fills again at the
// permitted rate. Shared by all loops.
class RequestRate {
 public:
  using Clock = std::chrono::steady_clock;
  explicit RequestRate(std::int32_t per_minute) : per_minute_(per_minute) {}
  // 0: go ahead; else the seconds after which the client may come again.
  int take(std::string_view address, Clock::time_point now);

  // A minute's worth may come at once. More addresses than this forget the idle ones.
  static constexpr std::size_t addresses_max = 100'000;

 private:
  struct Bucket {
    double left;
    Clock::time_point at;
  };
  void forget_full(Clock::time_point now);  // with the lock held
  const double per_minute_;
  std::mutex mutex_;
  ByName<Bucket> buckets_;
};

// Immutable, but for the rates.
class Policy {
 public:
  Policy(routing::Policy wanted, std::shared_ptr<RequestRate> rate);

  // What keeps this request from being answered, or nothing.
  [[nodiscard]] std::optional<Notice> objection(const http1::RequestHead& head,
                                                std::string_view client) const;
  // Fields that are set in every answer, in place of others of the name.
  [[nodiscard]] const std::vector<routing::HeaderField>& response_headers() const {
    return wanted_.response_headers;
  }
  [[nodiscard]] bool sets(std::string_view name) const;
  // May answers be compressed on their way?
  [[nodiscard]] bool compresses() const { return wanted_.compression; }
  // Of a request to the app; `standard` where nothing else is wished.
  [[nodiscard]] std::uint64_t body_bytes_max(std::uint64_t standard) const;
  [[nodiscard]] std::chrono::milliseconds first_byte(std::chrono::milliseconds standard) const;

 private:
  [[nodiscard]] bool allows(std::string_view client) const;
  [[nodiscard]] bool knows(std::string_view authorization) const;
  routing::Policy wanted_;
  Networks networks_;
  std::shared_ptr<RequestRate> rate_;
};

// Rates by host, so that a new table goes on counting. Belongs to the control thread.
class PolicyRegistry {
 public:
  // Nothing where the route has none.
  std::shared_ptr<const Policy> get(const routing::Route& route);
  void forget_unused();

 private:
  ByName<std::shared_ptr<RequestRate>> rates_;
};

}  // namespace temps::proxy
