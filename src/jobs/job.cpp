#include "jobs/queries.hpp"
#include "jobs/running.hpp"

namespace temps::jobs {

Job::Job(Queue& queue, const Claimed& claimed) : queue_(queue), claimed_(claimed) {
  if (claimed.state) state_ = claimed.state->text;
}

JobId Job::id() const { return claimed_.id; }
const std::string& Job::payload() const { return claimed_.payload.text; }
const std::optional<std::string>& Job::state() const { return state_; }
std::int32_t Job::attempt() const { return claimed_.attempt; }
bool Job::is_last_attempt() const { return claimed_.attempt >= claimed_.attempts_max; }

bool Job::is_cancelled() const {
  const auto found = queue_.running_.find(claimed_.id);
  return found != queue_.running_.end() && found->second->cancel_requested;
}

Task<> Job::save(std::string state) { co_await save(std::move(state), queue_.database_); }

Task<> Job::save(std::string state, sql::Executor& executor) {
  co_await check_size(state);
  if (co_await executor.run(queries::save, claimed_.id, claimed_.run, sql::Json{state}) == 0) {
    co_await fail(errors::lease_lost);
  }
  state_ = std::move(state);
}

}  // namespace temps::jobs
