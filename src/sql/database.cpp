#include "sql/database.hpp"

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "sql/pool.hpp"

namespace temps::sql {

namespace {

constexpr std::chrono::seconds listen_again{1};

bool is_read(std::string_view text) {
  return equal_ignoring_case(trimmed(text).substr(0, 7), "select ");
}

}  // namespace

struct Database::Impl {
  Pool pool;
};

Task<Rows> Transaction::execute(std::string_view name, std::string_view text,
                                std::vector<Parameter> parameters) {
  return session_.execute(name, text, std::move(parameters));
}

Task<> Transaction::script(std::string text) {
  co_await session_.script("sql.script", std::move(text));
}

Task<std::int64_t> Transaction::copy_in(std::string_view name, std::string text,
                                        const std::string& data) {
  return session_.copy(name, std::move(text), data);
}

Database::Database(net::Loop& loop, Options options)
    : impl_(new Impl{.pool{loop, std::move(options)}}) {}
Database::~Database() = default;

Task<Rows> Database::execute(std::string_view name, std::string_view text,
                             std::vector<Parameter> parameters) {
  auto session = co_await impl_->pool.session();
  if (!is_read(text)) co_return co_await session->execute(name, text, std::move(parameters));
  auto rows = co_await attempt(session->execute(name, text, parameters));
  if (rows || !rows.error().is(errors::unavailable) || !session->was_stale()) {
    co_return co_await std::move(rows);
  }
  session.reset();
  session = co_await impl_->pool.session();
  co_return co_await session->execute(name, text, std::move(parameters));
}

Task<std::int64_t> Database::copy_in(std::string_view name, std::string text,
                                     const std::string& data) {
  auto session = co_await impl_->pool.session();
  co_return co_await session->copy(name, std::move(text), data);
}

Task<> Database::script(std::string text) {
  auto session = co_await impl_->pool.session();
  co_await session->script("sql.script", std::move(text));
}

Task<Description> Database::describe(std::string text, std::vector<Oid> parameters) {
  auto session = co_await impl_->pool.session();
  co_return co_await session->describe(std::move(text), std::move(parameters));
}

Task<int> Database::server_version() {
  auto session = co_await impl_->pool.session();
  co_return session->server_version();
}

Task<std::shared_ptr<Session>> Database::begin() {
  auto session = co_await impl_->pool.session();
  auto begun = co_await attempt(session->script("sql.begin", "begin"));
  if (!begun && begun.error().is(errors::unavailable) && session->was_stale()) {
    session.reset();
    session = co_await impl_->pool.session();
    co_await session->script("sql.begin", "begin");
    co_return session;
  }
  co_await std::move(begun);
  co_return session;
}

Task<> Database::commit(std::shared_ptr<Session> session) {
  const auto& limit = impl_->pool.options().statement_timeout;
  auto tag = co_await shielded(within(limit, session->script("sql.commit", "commit")));
  if (tag != "COMMIT") {
    co_await fail(errors::failed,
                  "the transaction was rolled back because one of its statements had failed");
  }
}

Task<> Database::roll_back(std::shared_ptr<Session> session) {
  // When it does not work the connection is closed, which rolls back too.
  if (session->is_broken()) co_return;
  auto ended = co_await attempt(
      shielded(within(std::chrono::seconds{5}, session->script("sql.rollback", "rollback"))));
  if (!ended) log::warning("a rollback failed", {{"cause", ended.error().detail()}});
}

Task<> Database::listen(std::string channel, std::function<void(std::string_view)> heard) {
  const auto command = fmt::format("listen \"{}\"", replaced(channel, "\"", "\"\""));
  for (;;) {
    auto heard_until =
        co_await attempt([](Pool& pool, const std::string& text, const auto& hear) -> Task<> {
          auto connection = co_await pool.connect();
          co_await connection->script(text);
          hear(std::string_view{});
          for (;;) co_await connection->wait_for_notification(hear);
        }(impl_->pool, command, heard));
    // A login that is refused may be allowed again: whoever changes a password changes it twice.
    if (!heard_until && !heard_until.error().is(errors::unavailable) &&
        !heard_until.error().is(errors::login_refused)) {
      co_await fail(heard_until.error());
    }
    co_await sleep(listen_again);
  }
}

Task<> Database::close() { co_await impl_->pool.close(); }

}  // namespace temps::sql
