// Private to sql: who may use which connection when.
#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/concurrency.hpp"
#include "net/loop.hpp"
#include "sql/connection.hpp"
#include "sql/database.hpp"

namespace temps::sql {

class Pool;

// The right to one of `connections_max` connections; given back at its end.
class [[nodiscard]] Slot {
 public:
  explicit Slot(Pool& pool) : pool_(&pool) {}
  Slot(Slot&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
  Slot& operator=(Slot&&) = delete;
  ~Slot();

 private:
  Pool* pool_;
};

// A connection in use; goes back to the pool, or is closed when it is not fit for that.
class Session {
 public:
  Session(Pool& pool, Slot slot, std::unique_ptr<Connection> connection, bool fresh)
      : slot_(std::move(slot)), pool_(pool), connection_(std::move(connection)), fresh_(fresh) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Task<Rows> execute(std::string_view name, std::string_view text,
                     std::vector<Parameter> parameters);
  Task<std::string> script(std::string_view name, std::string text);
  Task<std::int64_t> copy(std::string_view name, std::string text, const std::string& data);
  Task<Description> describe(std::string text, std::vector<Oid> parameters);
  [[nodiscard]] int server_version() const { return connection_->server_version(); }
  // The first statement failed because the connection, taken from the pool, was dead: worth a try
  // with another one, where running it twice does no harm.
  [[nodiscard]] bool was_stale() const { return !fresh_ && is_broken(); }
  [[nodiscard]] bool is_broken() const { return connection_->is_broken(); }

 private:
  // Waits for one exchange and leaves the connection in order whatever its end.
  template <class T>
  Task<T> orderly(std::string_view name, Task<T> exchange);

  Slot slot_;  // last to go: the slot is free when the connection is back
  Pool& pool_;
  std::unique_ptr<Connection> connection_;
  bool fresh_;
};

class Pool {
 public:
  Pool(net::Loop& loop, Options options) : loop_(loop), options_(std::move(options)) {}
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // In the order of asking. Fails with `unavailable`.
  Task<std::shared_ptr<Session>> session();
  // A new connection, tried again and again for `wait_for_connection`. Fails with `unavailable`.
  Task<std::unique_ptr<Connection>> connect();
  Task<> close();
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  friend class Slot;
  friend class Session;
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point since;
  };
  Task<Slot> take_slot();
  void give_slot();
  void take_back(std::unique_ptr<Connection> connection);
  Task<std::unique_ptr<Connection>> connect_until_it_works(std::optional<Error>& last);
  void sweep();

  net::Loop& loop_;
  Options options_;
  std::vector<Idle> idle_;
  std::size_t in_use_ = 0;
  std::deque<Completer<void>> waiters_;
  std::optional<Timers::TimerId> sweeping_;
  bool closed_ = false;
};

}  // namespace temps::sql
