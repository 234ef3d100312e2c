// Private to jobs: what the queue keeps of a job while it runs here.
#pragma once
#include <string_view>

#include "core/cancellation.hpp"
#include "jobs/queries.hpp"

namespace temps::jobs {

struct Queue::Running {
  const Claimed& claimed;
  Cancellation& scope;
  Instant lease_until;
  bool cancel_requested = false;
};

// Fails with `too_large`.
Result<> check_size(std::string_view document);

}  // namespace temps::jobs
