#include "sql/connection.hpp"

#include <fcntl.h>
#include <libpq-fe.h>

#include <array>
#include <functional>
#include <unordered_map>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "net/descriptor.hpp"
#include "sql/server_error.hpp"

namespace temps::sql {

namespace {

constexpr int binary = 1;
constexpr std::size_t copy_bytes = 64UL * 1024;  // sent at once
constexpr std::size_t statements_max = 256;      // prepared per connection; more run unprepared

using ResultOwner = std::unique_ptr<PGresult, decltype([](PGresult* r) { PQclear(r); })>;
using CancelOwner = std::unique_ptr<PGcancel, decltype([](PGcancel* c) { PQfreeCancel(c); })>;

// The first line; the rest is advice for people at psql.
std::string message_of(const PGconn* native) {
  return std::string(trimmed(cut(PQerrorMessage(native), "\n").first));
}

Error error_of(const PGresult* result) {
  auto field = [result](int code) {
    const char* text = PQresultErrorField(result, code);
    return std::string_view(text ? text : "");
  };
  // The server's DETAIL repeats values of the row, so it goes nowhere.
  return server_error(field(PG_DIAG_SQLSTATE), field(PG_DIAG_MESSAGE_PRIMARY));
}

Rows rows_of(const PGresult* result) {
  Rows rows;
  const int width = PQnfields(result);
  for (int c = 0; c < width; ++c) {
    rows.columns.push_back({PQfname(result, c), PQftype(result, c)});
  }
  for (int r = 0; r < PQntuples(result); ++r) {
    for (int c = 0; c < width; ++c) {
      if (PQgetisnull(result, r, c)) {
        rows.add_cell(std::nullopt);
      } else {
        rows.add_cell(std::string_view(PQgetvalue(result, r, c),
                                       static_cast<std::size_t>(PQgetlength(result, r, c))));
      }
    }
  }
  rows.affected =
      parse_number<std::int64_t>(PQcmdTuples(const_cast<PGresult*>(result))).value_or(0);
  return rows;
}

// Why no connection came about.
Error refusal(const PGconn* native) {
  if (PQconnectionNeedsPassword(native) == 1) {
    return {errors::login_refused, "the server wants a password, and none is given"};
  }
  return connect_error(message_of(native));
}

// libpq keeps its own descriptor; ours is a second one of the same socket.
net::Descriptor watch(net::Loop& loop, const PGconn* native) {
  return {loop, ::fcntl(PQsocket(native), F_DUPFD_CLOEXEC, 0)};
}

PGconn* begin_connecting(const std::string& url) {
  const std::array keys{"dbname", "fallback_application_name", "client_encoding",
                        "tcp_user_timeout", static_cast<const char*>(nullptr)};
  const std::array values{url.c_str(), "temps", "UTF8", "15000", static_cast<const char*>(nullptr)};
  return PQconnectStartParams(keys.data(), values.data(), 1);
}

// The arrays that libpq wants, pointing into the parameters.
struct Arguments {
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;

  explicit Arguments(const std::vector<Parameter>& parameters)
      : formats(parameters.size(), binary) {
    for (const auto& parameter : parameters) {
      types.push_back(parameter.type);
      values.push_back(parameter.bytes ? parameter.bytes->data() : nullptr);
      lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
    }
  }
  [[nodiscard]] int count() const { return static_cast<int>(types.size()); }
};

}  // namespace

struct Connection::Impl {
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  net::Loop& loop;
  PGconn* native;
  std::optional<net::Descriptor> socket{};
  // Uses of each text; from the second on it is prepared, under the number as name.
  struct Known {
    std::string name;
    bool prepared = false;
  };
  std::unordered_map<std::string, Known, TextHash, std::equal_to<>> statements{};
  bool in_flight = false;

  ~Impl() {
    socket.reset();  // deregisters before libpq closes the connection
    PQfinish(native);
  }

  [[nodiscard]] Error broken() const {
    return {errors::unavailable,
            fmt::format("the connection to the database broke: {}; try again", message_of(native))};
  }

  Task<> flush();
  Task<ResultOwner> next();
  Task<ResultOwner> answer(int accepted);
  Task<ResultOwner> outcome();
  Task<std::optional<std::string>> prepared(std::string_view text, const Arguments& arguments);
};

Task<> Connection::Impl::flush() {
  for (;;) {
    const int left = PQflush(native);
    if (left < 0) co_await fail(broken());
    if (left == 0) co_return;
    co_await socket->writable();
  }
}

Task<ResultOwner> Connection::Impl::next() {
  while (PQisBusy(native)) {
    co_await socket->readable();
    if (!PQconsumeInput(native)) co_await fail(broken());
  }
  co_return ResultOwner(PQgetResult(native));
}

// Sends what was queued and reads to the end of the answer. `accepted` is what PQsend… said.
Task<ResultOwner> Connection::Impl::answer(int accepted) {
  if (accepted != 1) co_await fail(broken());
  in_flight = true;
  co_await flush();
  co_return co_await outcome();
}

// The last result of an answer, or its first error.
Task<ResultOwner> Connection::Impl::outcome() {
  ResultOwner last;
  std::optional<Error> error;
  while (auto result = co_await next()) {
    switch (PQresultStatus(result.get())) {
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        co_await fail(errors::failed, "COPY is no statement for execute");
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        last = std::move(result);
        break;
      default:
        if (!error) error = PQstatus(native) == CONNECTION_OK ? error_of(result.get()) : broken();
    }
  }
  in_flight = false;
  if (error) co_await fail(*error);
  if (!last) co_await fail(broken());
  co_return last;
}

// The name under which the server knows the statement; nothing at its first use, which is sent
// whole in a single round trip.
Task<std::optional<std::string>> Connection::Impl::prepared(std::string_view text,
                                                            const Arguments& arguments) {
  auto found = statements.find(text);
  if (found == statements.end()) {
    if (statements.size() < statements_max) {
      statements.try_emplace(std::string(text), Known{fmt::format("s{}", statements.size())});
    }
    co_return std::nullopt;
  }
  Known& known = found->second;
  if (!known.prepared) {
    co_await answer(PQsendPrepare(native, known.name.c_str(), found->first.c_str(),
                                  arguments.count(), arguments.types.data()));
    known.prepared = true;
  }
  co_return known.name;
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Task<std::unique_ptr<Connection>> Connection::open(net::Loop& loop, const Options& options) {
  // Looking up a host name blocks.
  PGconn* native = co_await loop.offload([&options] { return begin_connecting(options.url); });
  if (!native) co_await fail(errors::unavailable, "there is no memory for a connection");
  std::unique_ptr<Connection> connection(new Connection(std::make_unique<Impl>(loop, native)));
  PQsetErrorVerbosity(native, PQERRORS_VERBOSE);  // with the SQLSTATE, the only place of it here
  auto state = PQstatus(native) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) co_await fail(refusal(native));
    auto socket = watch(loop, native);  // anew each time: libpq may have gone on to another socket
    co_await (state == PGRES_POLLING_READING ? socket.readable() : socket.writable());
    state = PQconnectPoll(native);
  }
  PQsetErrorVerbosity(native, PQERRORS_DEFAULT);
  PQsetnonblocking(native, 1);
  PQsetNoticeProcessor(native, [](void*, const char*) {}, nullptr);
  connection->impl_->socket.emplace(watch(loop, native));
  co_await connection->script(fmt::format(
      "set timezone = 'UTC'; set statement_timeout = {}; set client_min_messages = warning; "
      "set idle_in_transaction_session_timeout = '10min'",
      options.statement_timeout.count()));
  co_return connection;
}

Task<Rows> Connection::execute(std::string_view text, const std::vector<Parameter>& parameters) {
  const Arguments arguments(parameters);
  const auto name = co_await impl_->prepared(text, arguments);
  auto result = co_await impl_->answer(
      name ? PQsendQueryPrepared(impl_->native, name->c_str(), arguments.count(),
                                 arguments.values.data(), arguments.lengths.data(),
                                 arguments.formats.data(), binary)
           : PQsendQueryParams(impl_->native, std::string(text).c_str(), arguments.count(),
                               arguments.types.data(), arguments.values.data(),
                               arguments.lengths.data(), arguments.formats.data(), binary));
  co_return rows_of(result.get());
}

Task<std::string> Connection::script(const std::string& text) {
  auto result = co_await impl_->answer(PQsendQuery(impl_->native, text.c_str()));
  co_return std::string(PQcmdStatus(result.get()));
}

Task<std::int64_t> Connection::copy(const std::string& text, std::string_view data) {
  PGconn* native = impl_->native;
  if (PQsendQuery(native, text.c_str()) != 1) co_await fail(impl_->broken());
  impl_->in_flight = true;
  co_await impl_->flush();
  auto begun = co_await impl_->next();
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) {
    const auto error = begun ? error_of(begun.get()) : impl_->broken();
    (void)co_await attempt(impl_->outcome());
    co_await fail(PQstatus(native) == CONNECTION_OK ? error : impl_->broken());
  }
  // libpq would take all of it into its own memory.
  while (!data.empty()) {
    const auto piece = data.substr(0, copy_bytes);
    const int put = PQputCopyData(native, piece.data(), static_cast<int>(piece.size()));
    if (put < 0) co_await fail(impl_->broken());
    if (put > 0) data.remove_prefix(piece.size());
    co_await impl_->flush();
  }
  int ended = 0;
  while ((ended = PQputCopyEnd(native, nullptr)) == 0) co_await impl_->flush();
  if (ended < 0) co_await fail(impl_->broken());
  co_await impl_->flush();
  auto result = co_await impl_->outcome();
  co_return parse_number<std::int64_t>(PQcmdTuples(result.get())).value_or(0);
}

Task<Description> Connection::describe(const std::string& text,
                                       const std::vector<Oid>& parameters) {
  PGconn* native = impl_->native;
  co_await impl_->answer(PQsendPrepare(native, "", text.c_str(),
                                       static_cast<int>(parameters.size()), parameters.data()));
  auto result = co_await impl_->answer(PQsendDescribePrepared(native, ""));
  Description description;
  for (int p = 0; p < PQnparams(result.get()); ++p) {
    description.parameters.push_back(PQparamtype(result.get(), p));
  }
  for (int c = 0; c < PQnfields(result.get()); ++c) {
    description.columns.push_back({PQfname(result.get(), c), PQftype(result.get(), c)});
  }
  co_return description;
}

Task<> Connection::wait_for_notification(const std::function<void(std::string_view)>& heard) {
  co_await impl_->socket->readable();
  if (!PQconsumeInput(impl_->native)) co_await fail(impl_->broken());
  while (PGnotify* note = PQnotifies(impl_->native)) {
    heard(note->extra);
    PQfreemem(note);
  }
}

bool Connection::is_in_flight() const { return impl_->in_flight; }

Task<bool> Connection::settle() {
  if (PQstatus(impl_->native) != CONNECTION_OK) co_return false;
  CancelOwner cancel(PQgetCancel(impl_->native));
  co_await impl_->loop.offload([&cancel] {
    std::array<char, 256> problem{};
    return PQcancel(cancel.get(), problem.data(), static_cast<int>(problem.size()));
  });
  co_await impl_->flush();
  // When the statement ended before the request came, the request may hit the next statement: only
  // a statement that says it was cancelled leaves the connection fit for use.
  bool was_cancelled = false;
  while (auto result = co_await impl_->next()) {
    // In the middle of the rows, which only an error of ours would end.
    if (PQresultStatus(result.get()) == PGRES_COPY_IN) co_return false;
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    was_cancelled = was_cancelled || std::string_view(state ? state : "") == "57014";
  }
  impl_->in_flight = !was_cancelled;
  co_return was_cancelled;
}

bool Connection::is_reusable() const {
  return !impl_->in_flight && PQstatus(impl_->native) == CONNECTION_OK &&
         PQtransactionStatus(impl_->native) == PQTRANS_IDLE;
}

bool Connection::is_alive() {
  // The first look may find the server's farewell, the second one the end of the stream behind it.
  return PQconsumeInput(impl_->native) == 1 && PQconsumeInput(impl_->native) == 1 && !is_broken();
}

bool Connection::is_broken() const { return PQstatus(impl_->native) != CONNECTION_OK; }

int Connection::server_version() const { return PQserverVersion(impl_->native); }

}  // namespace temps::sql
