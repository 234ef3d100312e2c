#include "sql/pool.hpp"

#include <algorithm>

#include "core/log.hpp"

namespace temps::sql {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds idle_max{60};
constexpr std::chrono::milliseconds slow{1000};
// Beyond the server's own limit for a statement: time for an answer on its way.
constexpr std::chrono::seconds grace{5};
constexpr std::chrono::seconds settle_max{2};
constexpr std::chrono::milliseconds retry_first{20};
constexpr std::chrono::milliseconds retry_max{500};

}  // namespace

Slot::~Slot() {
  if (pool_) pool_->give_slot();
}

Session::~Session() { pool_.take_back(std::move(connection_)); }

template <class T>
Task<T> Session::orderly(std::string_view name, Task<T> exchange) {
  Cancellation& scope = co_await current_scope();
  const auto started = Steady::now();
  auto result = co_await attempt(std::move(exchange));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - started);
  if (took > slow) {
    log::warning("slow statement", {{"statement", name}, {"milliseconds", took.count()}});
  }
  if (result) co_return co_await std::move(result);
  if (connection_->is_in_flight()) {
    co_await shielded([](Connection& connection) -> Task<> {
      // A connection that does not settle stays in flight, and so leaves the pool.
      auto settled = co_await attempt(within(settle_max, connection.settle()));
      (void)settled;
    }(*connection_));
  }
  if (scope.reason()) co_await fail(*scope.reason());
  const Error& error = result.error();
  if (error.is(temps::errors::timed_out)) {
    co_await fail(Error(errors::timeout, "the database did not answer in time; try again")
                      .because(fmt::format("{}", name)));
  }
  co_await fail(error.because(fmt::format("in {}", name)));
  co_return co_await std::move(result);
}

Task<Rows> Session::execute(std::string_view name, std::string_view text,
                            std::vector<Parameter> parameters) {
  co_return co_await orderly(name, within(pool_.options().statement_timeout + grace,
                                          connection_->execute(text, parameters)));
}

Task<std::string> Session::script(std::string_view name, std::string text) {
  co_return co_await orderly(name, connection_->script(text));
}

Task<std::int64_t> Session::copy(std::string_view name, std::string text, const std::string& data) {
  co_return co_await orderly(
      name, within(pool_.options().statement_timeout + grace, connection_->copy(text, data)));
}

Task<Description> Session::describe(std::string text, std::vector<Oid> parameters) {
  co_return co_await orderly("sql.describe", connection_->describe(text, parameters));
}

Pool::~Pool() {
  ensure(in_use_ == 0, "a database ends while it is in use");
  if (sweeping_) loop_.cancel(*sweeping_);
}

Task<Slot> Pool::take_slot() {
  if (in_use_ < options_.connections_max) {
    ++in_use_;
    co_return Slot(*this);
  }
  co_await External<void>{.start = [this](Completer<void> done) -> External<void>::Abort {
    waiters_.push_back(done);
    return {};
  }};
  co_return Slot(*this);
}

void Pool::give_slot() {
  std::erase_if(waiters_, [](const auto& waiter) { return waiter.is_done(); });
  if (waiters_.empty()) {
    --in_use_;
    return;
  }
  const auto next = waiters_.front();
  waiters_.pop_front();
  next({});  // the slot passes on without a gap
}

Task<std::shared_ptr<Session>> Pool::session() {
  Cancellation& scope = co_await current_scope();
  auto waited = co_await attempt(within(options_.wait_for_connection, take_slot()));
  if (!waited && !scope.reason() && waited.error().is(temps::errors::timed_out)) {
    co_await fail(errors::unavailable,
                  "all {} database connections were busy for {:g} s; try again in a moment",
                  options_.connections_max,
                  std::chrono::duration<double>(options_.wait_for_connection).count());
  }
  auto slot = co_await std::move(waited);
  if (closed_) co_await fail(errors::unavailable, "the database is being closed");
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back().connection);
    idle_.pop_back();
    if (connection->is_alive()) {
      co_return std::make_shared<Session>(*this, std::move(slot), std::move(connection), false);
    }
  }
  auto connection = co_await connect();
  co_return std::make_shared<Session>(*this, std::move(slot), std::move(connection), true);
}

Task<std::unique_ptr<Connection>> Pool::connect() {
  Cancellation& scope = co_await current_scope();
  std::optional<Error> last;
  auto made = co_await attempt(within(options_.wait_for_connection, connect_until_it_works(last)));
  if (!made && !scope.reason() && made.error().is(temps::errors::timed_out)) {
    co_await fail(errors::unavailable, "the database cannot be reached: {}",
                  last ? last->detail() : "no answer");
  }
  co_return co_await std::move(made);
}

Task<std::unique_ptr<Connection>> Pool::connect_until_it_works(std::optional<Error>& last) {
  for (auto pause = retry_first;; pause = std::min(pause * 2, retry_max)) {
    auto connection = co_await attempt(Connection::open(loop_, options_));
    if (connection) co_return std::move(*connection);
    if (!connection.error().is(errors::unavailable)) co_await fail(connection.error());
    last = connection.error();
    co_await sleep(pause);
  }
}

void Pool::take_back(std::unique_ptr<Connection> connection) {
  if (closed_ || !connection->is_reusable()) return;
  idle_.push_back({std::move(connection), Steady::now()});
  if (!sweeping_) sweeping_ = loop_.after(idle_max, [this] { sweep(); });
}

void Pool::sweep() {
  sweeping_.reset();
  std::erase_if(idle_,
                [now = Steady::now()](const Idle& idle) { return now - idle.since >= idle_max; });
  if (!idle_.empty()) sweeping_ = loop_.after(idle_max, [this] { sweep(); });
}

Task<> Pool::close() {
  closed_ = true;
  idle_.clear();
  std::vector<Slot> all;
  while (all.size() < options_.connections_max) all.push_back(co_await take_slot());
}

}  // namespace temps::sql
