// What comes over HTTP, recorded in the audit log.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "audit/audit.hpp"
#include "core/clock.hpp"
#include "http/journal.hpp"

namespace temps::audit {

// Callers without a login are recorded like all others, logins that fail above all; but they may
// not fill the disk: one network gets `too_many` from some number of them on.
class Trail final : public http::Journal {
 public:
  static constexpr std::chrono::minutes window{15};
  static constexpr std::uint32_t anonymous_max = 120;  // of one network (IPv6: /64), in a window
  static constexpr std::size_t networks_max = 20'000;

  Trail(Audit& audit, const Clock& clock) : audit_(audit), clock_(clock) {}

  Task<http::JournalMark> begin(http::Change change) override;
  Task<> end(http::JournalMark mark, http::ChangeOutcome outcome) override;

 private:
  Result<> count(const std::string& address);

  struct Count {
    Instant since;
    std::uint32_t number = 0;
  };
  Audit& audit_;
  const Clock& clock_;
  std::unordered_map<std::string, Count> counts_;
};

}  // namespace temps::audit
