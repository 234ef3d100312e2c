#include <limits>

#include "machine/permissions.hpp"
#include "machine/routes.hpp"

namespace temps::machine {
namespace {

// The JSON shapes of this API. A field name is the wire name. What a job works on is not shown: it
// may hold secrets.
struct JobView {
  std::int64_t id;
  std::string kind;                // "deploys.deploy"
  std::optional<std::string> key;  // jobs of one key run one after the other
  jobs::Status status;
  std::int32_t attempt;
  Instant run_at;  // not before
  std::optional<Instant> finished_at;
  std::optional<std::string> error_code;  // of the last attempt
  std::optional<std::string> error_detail;
};
struct JobQuery {
  std::optional<jobs::Status> status;
  std::optional<std::string> cursor;
  std::optional<std::uint32_t> limit;
};

JobView view(const jobs::JobRecord& job) {
  return {.id = job.id.value,
          .kind = job.kind,
          .key = job.key,
          .status = job.status,
          .attempt = job.attempt,
          .run_at = job.run_at,
          .finished_at = job.finished_at,
          .error_code = job.error_code,
          .error_detail = job.error_detail};
}

Task<http::Page<JobView>> list_jobs(jobs::Queue& queue, http::Query<JobQuery> query) {
  const http::PageQuery paging{.cursor = query.value.cursor, .limit = query.value.limit};
  const jobs::JobId before{co_await paging.number(std::numeric_limits<std::int64_t>::max())};
  auto found = co_await queue.list(query.value.status, before, paging.wanted());
  http::Page<JobView> page;
  page.next = http::next_cursor(found, paging, [](const auto& job) { return job.id.value; });
  for (const auto& job : found) page.items.push_back(view(job));
  co_return page;
}

}  // namespace

void add_job_routes(http::Router& router, jobs::Queue& queue) {
  auto routes = router.bind(queue);
  routes.get<list_jobs>("/api/v1/jobs", permissions::jobs,
                        "List the work in the background, the newest first");
}

}  // namespace temps::machine
