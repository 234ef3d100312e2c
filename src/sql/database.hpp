// PostgreSQL: typed statements, a pool of connections, transactions.
//
//   inline constexpr sql::Query<Project, std::string> by_name{
//       "projects.by_name", "select id, name from projects where name = $1"};
//
//   auto project = co_await database.maybe(queries::by_name, name);
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "sql/copy.hpp"
#include "sql/errors.hpp"
#include "sql/value.hpp"

namespace temps::sql {

// A statement with the types of its row and of its parameters. `Row` is an aggregate (columns map
// to its fields in order), a single value, or void. `name` ("module.statement") labels logs and
// errors. Name and text are constants; a module lists them in a catalogue, so that a test prepares
// every one (sql/catalogue.hpp).
template <class Row, class... Params>
struct Query {
  std::string_view name;
  std::string_view text;
};
template <class... Params>
using Command = Query<void, Params...>;

class Session;  // one connection in use, private to the implementation

// What Database and Transaction have in common. Everything fails with `unavailable` (no connection
// in time, or it broke), `conflict` (unique), `busy` (deadlock, serialization), `refused` (check,
// foreign key), `bad_value`, `timeout` or `failed`.
class Executor {
 public:
  virtual ~Executor() = default;

  template <class Row, class... Params>
  Task<std::vector<Row>> all(const Query<Row, Params...>& query,
                             std::type_identity_t<Params>... params) {
    auto rows = co_await execute(query.name, query.text, encode_all<Params...>(params...));
    co_return co_await decode_rows<Row>(rows, query.name);
  }
  // Exactly one row; fails with `failed` otherwise.
  template <class Row, class... Params>
  Task<Row> one(const Query<Row, Params...>& query, std::type_identity_t<Params>... params) {
    auto rows = co_await execute(query.name, query.text, encode_all<Params...>(params...));
    auto values = co_await decode_rows<Row>(rows, query.name);
    if (values.size() != 1) {
      co_await fail(errors::failed, "{} yields {} rows where one was expected", query.name,
                    values.size());
    }
    co_return Row(std::move(values.front()));
  }
  // The first row, if any.
  template <class Row, class... Params>
  Task<std::optional<Row>> maybe(const Query<Row, Params...>& query,
                                 std::type_identity_t<Params>... params) {
    auto rows = co_await execute(query.name, query.text, encode_all<Params...>(params...));
    auto values = co_await decode_rows<Row>(rows, query.name);
    if (values.empty()) co_return std::nullopt;
    co_return Row(std::move(values.front()));
  }
  // Yields the number of rows touched.
  template <class... Params>
  Task<std::int64_t> run(const Command<Params...>& command,
                         std::type_identity_t<Params>... params) {
    auto rows = co_await execute(command.name, command.text, encode_all<Params...>(params...));
    co_return rows.affected;
  }
  // Adds all rows, or none; yields their number.
  template <class Row>
  Task<std::int64_t> copy(const Copy<Row>& copy, std::vector<Row> rows) {
    const auto data = detail::encode_copy(rows);
    rows = {};
    co_return co_await copy_in(
        copy.name, fmt::format("copy {} ({}) from stdin (format binary)", copy.table, copy.columns),
        data);
  }
  // Several statements in one text, without parameters: migrations and tests.
  virtual Task<> script(std::string text) = 0;
  // Calls `then` when what was done so far is committed: at once outside of a transaction, never
  // after a rollback. For what must not be seen before, such as waking who reads the new rows.
  virtual void when_committed(std::move_only_function<void()> then) = 0;

 protected:
  virtual Task<Rows> execute(std::string_view name, std::string_view text,
                             std::vector<Parameter> parameters) = 0;
  virtual Task<std::int64_t> copy_in(std::string_view name, std::string text,
                                     const std::string& data) = 0;
};

class Transaction final : public Executor {
 public:
  explicit Transaction(Session& session) : session_(session) {}
  Task<> script(std::string text) override;
  void when_committed(std::move_only_function<void()> then) override {
    when_committed_.push_back(std::move(then));
  }

 private:
  friend class Database;
  Task<Rows> execute(std::string_view name, std::string_view text,
                     std::vector<Parameter> parameters) override;
  Task<std::int64_t> copy_in(std::string_view name, std::string text,
                             const std::string& data) override;
  Session& session_;
  std::vector<std::move_only_function<void()>> when_committed_;
};

struct Options {
  std::string url;  // a libpq connection string or URL
  std::size_t connections_max = 8;
  std::chrono::milliseconds statement_timeout{30'000};
  // Also how long a server that is just starting is waited for.
  std::chrono::milliseconds wait_for_connection{10'000};
};

// What the server says about a statement: its parameters and its columns.
struct Description {
  std::vector<Oid> parameters;
  std::vector<Column> columns;
};

// The pool. Connections are made when needed and dropped when idle for a while. A resource;
// outlives what uses it.
class Database final : public Executor {
 public:
  Database(net::Loop& loop, Options options);
  ~Database() override;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work` in one transaction: commits when it succeeds, rolls back when it fails or is
  // cancelled. Succeeds only when the commit did.
  template <class T>
  Task<T> transact(std::move_only_function<Task<T>(Transaction&)> work) {
    auto session = co_await begin();
    Transaction transaction(*session);
    auto result = co_await attempt(work(transaction));
    if (result) {
      co_await commit(std::move(session));
      for (auto& then : transaction.when_committed_) then();
    } else {
      co_await roll_back(std::move(session));
    }
    co_return co_await std::move(result);
  }

  Task<> script(std::string text) override;
  void when_committed(std::move_only_function<void()> then) override { then(); }
  // Prepares the statement without running it.
  Task<Description> describe(std::string text, std::vector<Oid> parameters);
  // Server version as 150018. Fails with `unavailable`.
  Task<int> server_version();
  // Calls `heard` with the payload of each NOTIFY on `channel`, and with an empty one whenever
  // listening has begun (also again after a lost connection): whatever was missed until then must
  // be looked up. Has a connection of its own, beside the pool; ends only when cancelled.
  Task<> listen(std::string channel, std::function<void(std::string_view)> heard);

  // Refuses new work, waits for running work and closes all connections.
  Task<> close();

 private:
  Task<Rows> execute(std::string_view name, std::string_view text,
                     std::vector<Parameter> parameters) override;
  Task<std::int64_t> copy_in(std::string_view name, std::string text,
                             const std::string& data) override;
  Task<std::shared_ptr<Session>> begin();
  Task<> commit(std::shared_ptr<Session> session);
  Task<> roll_back(std::shared_ptr<Session> session);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace temps::sql
