// How far each domain's certificate is, as the database keeps it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "domains/domains.hpp"

namespace temps::certificates {

enum class OrderState : std::uint8_t {
  waiting,             // its turn comes at once
  waiting_for_dns,     // the name does not lead here yet
  waiting_for_record,  // for a TXT record that the user makes
  ordering,
  checking,  // the authority looks at the proof
  issued,
  failed  // tried again at `next_at`
};

// One for each name whose certificate Temps gets by itself. A domain's goes with the domain.
struct Order {
  std::optional<domains::DomainId> domain;  // nothing: the name is the platform's own
  std::string name;
  OrderState state = OrderState::waiting;
  std::string detail;               // a sentence: why, and what to do
  std::string error_code;           // of the last try
  std::int32_t failures = 0;        // in a row
  std::string proof;                // by which the last one was issued; empty before
  std::string authority;            // its directory, empty before
  std::string renewal_id;           // RFC 9773, as that authority knows it
  std::optional<Instant> renew_at;  // of the one that was issued
  Instant next_at;                  // when it is looked at again
  Instant changed_at;               // when the state became another
  std::optional<Instant> tried_at;  // when the authority was asked last
};

}  // namespace temps::certificates
