// Audit: who changed what, when and from where, with what was before and after. Entries are only
// ever added.
//
// A change over HTTP is recorded by `Trail`, without a line of the route's own. What Temps does by
// itself, and what commands do on the machine, comes through `begin` and `end`, or `note` where it
// is done already:
//
//   const auto mark = co_await audit.begin({.actor = audit::temps(), .operation = "renew", …});
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/errors.hpp"
#include "core/clock.hpp"
#include "core/task.hpp"
#include "http/history.hpp"
#include "sql/database.hpp"
#include "sql/partitions.hpp"

namespace temps::audit {

struct Options {
  std::chrono::days days_max{400};  // whole months go when all of their days are older
};

// session, key, token (of a project's deployments: nobody's account); machine: a command on the
// server itself; temps: by itself; anonymous.
enum class ActorKind : std::uint8_t { anonymous, session, key, token, machine, temps };

struct Actor {
  ActorKind kind = ActorKind::anonymous;
  std::int64_t user = 0;
  std::string email{};  // as it was then
  std::int64_t credential = 0;
  std::string credential_name{};
};

// JSON texts are empty where there is nothing, and must not hold secrets: nobody can take them out
// of the log again.
struct Action {
  Actor actor{};
  std::string operation;  // "change_settings"
  std::string summary;    // "Change a project's settings"
  std::string method{};
  std::string path{};
  std::string project{};                        // its name
  std::map<std::string, std::string> target{};  // what it is done to
  std::string given{};
  std::string before{};
  std::string client{};
  std::string user_agent{};
  std::string request_id{};
};

struct Ending {
  int status = 200;     // as HTTP counts: 400 and more is a failure
  std::string error{};  // a code
  std::string after{};
  // Who it turned out to be, of a login.
  std::int64_t user = 0;
  std::string email{};
};

struct Mark {
  std::int64_t id = 0;
  Instant began_at;
};

// As it is stored; fields in the order of the columns.
struct Entry {
  std::int64_t id = 0;
  Instant began_at;
  ActorKind actor = ActorKind::anonymous;
  std::int64_t user = 0;
  std::string email;
  std::int64_t credential = 0;
  std::string credential_name;
  std::string operation, summary, method, path, project;
  sql::Json target;
  std::optional<sql::Json> given, before;
  std::string client, user_agent, request_id;
  // Nothing: the process died in between, or could not write. Nobody knows whether it was done.
  std::optional<Instant> ended_at;
  std::optional<std::int32_t> status;
  std::optional<std::string> error;
  std::optional<sql::Json> after;
};

enum class OutcomeFilter : std::uint8_t { any, done, failed, unknown };

struct Filter {
  std::string actor{};  // an e-mail address, or a word of ActorKind
  std::string operation{};
  std::string project{};
  std::string text{};  // anywhere in the path or the target, in any case
  OutcomeFilter outcome = OutcomeFilter::any;
  std::optional<Instant> since{};  // this time and later
  std::optional<Instant> until{};  // before this time
};

// Behind the last entry of a page.
using Cursor = http::HistoryCursor;

// What Temps does by itself, and who works on the machine.
Actor temps();
Actor machine();

// Owns the tables `audit_…`.
class Audit {
 public:
  // Of each JSON text; what is longer is replaced by {"truncated": true, "bytes": …}.
  static constexpr std::size_t json_bytes_max = 32U << 10U;

  Audit(sql::Database& database, const Clock& clock, const Options& options)
      : database_(database), clock_(clock), options_(options) {}

  // Has been written for good when it returns. Fails with `unavailable`.
  Task<Mark> begin(Action action);
  Task<> end(Mark mark, Ending ending);
  // Both for what is done already.
  Task<> note(Action action, Ending ending = {});

  // The newest first.
  Task<std::vector<Entry>> list(Filter filter, std::optional<Cursor> before, std::int64_t limit);

  // Makes room for the months to come and drops those that are too old, again and again; ends only
  // when cancelled.
  Task<> supervise();
  Task<> sweep();

 private:
  Task<> prepare(std::chrono::sys_days day);
  Task<Mark> insert(Action action);

  sql::Database& database_;
  const Clock& clock_;
  const Options& options_;
  sql::MonthlyPartitions entries_{"audit_entries"};
  sql::MonthlyPartitions outcomes_{"audit_outcomes"};
  std::set<std::chrono::sys_days> prepared_;
};

}  // namespace temps::audit
