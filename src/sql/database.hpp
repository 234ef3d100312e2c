// PostgreSQL: typed statements, a pool of connections, transactions.
//
//   inline constexpr sql::Query<Project, std::string> by_name{"projects.by_name", "select id, name
//   from projects where name = $1"}; auto project = co_await database.maybe(queries::by_name,
//   name);
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "sql/value.hpp"

namespace temps::sql {

// A statement with the types of its row and of its parameters. `Row` is an aggregate (columns map
// to its fields in order), a single value, or void. `name` ("module.statement") labels logs and
// errors. Constants register with `catalogue` so that a test prepares every one
// (sql/catalogue.hpp).
template <class Row, class... Params>
struct Query {
  std::string_view name;
  std::string_view text;
};
template <class... Params>
using Command = Query<void, Params...>;

class Session;  // one connection in use, private to the implementation

// What Database and Transaction have in common. Fails with `sql.unavailable` (no connection in
// time), `sql.conflict` (unique or serialization), `sql.refused` (check, foreign key),
// `sql.timeout`, `sql.failed`.
class Executor {
 public:
  virtual ~Executor() = default;

  template <class Row, class... Params>
  Task<std::vector<Row>> all(const Query<Row, Params...>& query,
                             std::type_identity_t<Params>... params) {
    auto rows =
        co_await execute(query.name, query.text, encode_all<Params...>(std::move(params)...));
    co_return co_await decode_rows<Row>(rows, query.name);
  }
  // Exactly one row; `sql.failed` otherwise.
  template <class Row, class... Params>
  Task<Row> one(const Query<Row, Params...>& query, std::type_identity_t<Params>... params) {
    auto rows =
        co_await execute(query.name, query.text, encode_all<Params...>(std::move(params)...));
    auto values = co_await decode_rows<Row>(rows, query.name);
    if (values.size() != 1)
      co_await fail(errors::failed, "{}: {} rows where one was expected", query.name,
                    values.size());
    co_return std::move(values.front());
  }
  // The first row, if any.
  template <class Row, class... Params>
  Task<std::optional<Row>> maybe(const Query<Row, Params...>& query,
                                 std::type_identity_t<Params>... params) {
    auto rows =
        co_await execute(query.name, query.text, encode_all<Params...>(std::move(params)...));
    auto values = co_await decode_rows<Row>(rows, query.name);
    if (values.empty()) co_return std::nullopt;
    co_return std::move(values.front());
  }
  // Yields the number of rows touched.
  template <class... Params>
  Task<std::int64_t> run(const Command<Params...>& command,
                         std::type_identity_t<Params>... params) {
    auto rows =
        co_await execute(command.name, command.text, encode_all<Params...>(std::move(params)...));
    co_return rows.affected;
  }

 protected:
  virtual Task<Rows> execute(std::string_view name, std::string_view text,
                             std::vector<Parameter> parameters) = 0;
};

class Transaction final : public Executor {
 public:
  explicit Transaction(Session& session) : session_(session) {}

 private:
  Task<Rows> execute(std::string_view name, std::string_view text,
                     std::vector<Parameter> parameters) override;
  Session& session_;
};

struct Options {
  std::string url;  // a libpq connection string or URL
  std::size_t connections_max = 8;
  std::chrono::seconds statement_timeout{30};
  std::chrono::seconds wait_for_connection{10};
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
  // cancelled.
  template <class T>
  Task<T> transact(std::move_only_function<Task<T>(Transaction&)> work) {
    auto session = co_await begin();
    Transaction transaction(*session);
    auto result = co_await attempt(work(transaction));
    co_await end(std::move(session), result.has_value());  // shielded inside
    co_return co_await std::move(result);
  }

  // Several statements in one text, without parameters: migrations and tests.
  Task<> script(std::string text);
  // Server version as 150018. Fails with `sql.unavailable`.
  Task<int> server_version();
  // Waits for `NOTIFY channel`; yields the payload. Uses a connection of its own.
  Task<> close();

 private:
  Task<Rows> execute(std::string_view name, std::string_view text,
                     std::vector<Parameter> parameters) override;
  Task<std::unique_ptr<Session>> begin();
  Task<> end(std::unique_ptr<Session> session, bool commit);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace temps::sql
