// Requests: the access log. Loads what the proxy has spooled into the database, keeps it for a
// while, and finds what a project's visitors have asked for.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/task.hpp"
#include "http/history.hpp"
#include "net/loop.hpp"
#include "projects/projects.hpp"
#include "sql/database.hpp"

namespace temps::requests {

struct Options {
  std::filesystem::path spool;  // the folder that the proxy writes to
  std::chrono::days days_max{7};
  std::uint64_t bytes_max = 2ULL << 30U;  // on the database's disk, with indexes
};

// One request that a release has answered, or should have. Fields in the order of the columns.
struct Request {
  std::int64_t id = 0;
  Instant began_at;
  projects::EnvironmentId environment;
  std::int64_t deployment = 0;  // its number
  std::int16_t status = 0;      // 0: the client was gone before there was one
  std::int16_t protocol = 0;    // 10, 11, 20
  bool tls = false;
  std::chrono::microseconds duration{};
  std::optional<std::chrono::microseconds> upstream;  // to the app's first byte
  std::int64_t sent_bytes = 0;
  std::int64_t received_bytes = 0;
  std::string method, host, path, client, user_agent, referrer, request_id, visitor;
};

struct Filter {
  std::optional<projects::EnvironmentId> environment{};
  std::int16_t status_min = 0;
  std::int16_t status_max = std::numeric_limits<std::int16_t>::max();
  std::string path_prefix{};
  std::optional<Instant> since{};  // this time and later
  std::optional<Instant> until{};  // before this time
};

// Behind the last request of a page.
using Cursor = http::HistoryCursor;

class Loader;
class Retention;

// Owns the tables `requests` and `requests_segments`.
class Requests {
 public:
  Requests(sql::Database& database, projects::Projects& projects, net::Loop& loop,
           const Options& options, const Clock& clock);
  ~Requests();
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;

  // The newest first.
  Task<std::vector<Request>> list(projects::ProjectId project, Filter filter,
                                  std::optional<Cursor> before, std::int64_t limit);
  // Those that were loaded since the one with the id `after`, in the order of loading. What began
  // more than `follow_window` ago is left out: it was held up on the way here.
  static constexpr std::chrono::minutes follow_window{5};
  Task<std::vector<Request>> newer(projects::ProjectId project, Filter filter, std::int64_t after,
                                   std::int64_t limit);

  // Loads what is spooled and keeps what is stored in its bounds, again and again; ends only when
  // cancelled.
  Task<> supervise();
  // One round of either. They fail with what the database fails with.
  Task<> load();
  Task<> sweep();

  [[nodiscard]] projects::Projects& projects() { return projects_; }

 private:
  sql::Database& database_;
  projects::Projects& projects_;
  const Clock& clock_;
  std::unique_ptr<Retention> retention_;
  std::unique_ptr<Loader> loader_;
};

}  // namespace temps::requests
