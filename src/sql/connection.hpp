// Private to sql: one connection to PostgreSQL, by libpq in non-blocking mode.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "sql/database.hpp"

namespace temps::sql {

// A resource. One task at a time.
class Connection {
 public:
  // Fails with `unavailable`.
  static Task<std::unique_ptr<Connection>> open(net::Loop& loop, const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<Rows> execute(std::string_view text, const std::vector<Parameter>& parameters);
  // Yields the command tag of the last statement.
  Task<std::string> script(const std::string& text);
  // `text` is a COPY … FROM STDIN; yields the number of rows.
  Task<std::int64_t> copy(const std::string& text, std::string_view data);
  Task<Description> describe(const std::string& text, const std::vector<Oid>& parameters);
  Task<> wait_for_notification(const std::function<void(std::string_view)>& heard);

  // A statement was sent and not all of its answer has come: after a cancelled wait.
  [[nodiscard]] bool is_in_flight() const;
  // Asks the server to give up what runs and reads what is left. False when it did not come to an
  // orderly end; the connection must go then.
  Task<bool> settle();

  // Between transactions, nothing in flight, not known to be broken.
  [[nodiscard]] bool is_reusable() const;
  // Looks whether the server has closed an idle connection meanwhile.
  [[nodiscard]] bool is_alive();
  [[nodiscard]] bool is_broken() const;
  [[nodiscard]] int server_version() const;

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace temps::sql
