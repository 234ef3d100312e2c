#include "requests/routes.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "requests/errors.hpp"
#include "requests/permissions.hpp"

namespace temps::requests {

namespace {

// The JSON shapes of this API. A field name is the wire name.
struct RequestView {
  std::int64_t id;
  Instant time;
  std::string environment;
  std::int64_t deployment;
  std::int64_t status;  // 0: the client was gone before there was one
  std::string method;
  std::string host;
  std::string path;  // without the query
  double milliseconds;
  std::optional<double> upstream_milliseconds;  // to the app's first byte
  std::int64_t sent_bytes;
  std::int64_t received_bytes;
  std::string protocol;
  bool tls;
  std::string client;
  std::string user_agent;
  std::string referrer;
  std::string request_id;
  std::string visitor;
};
struct RequestQuery {
  std::optional<std::string> environment;
  std::optional<std::string> status;  // "404" or "5xx"
  std::optional<std::string> path;    // what it begins with
  std::optional<std::string> since;
  std::optional<std::string> until;
  std::optional<std::int64_t> after;  // what was loaded since this id, the oldest first
  std::optional<std::string> cursor;
  std::optional<std::uint32_t> limit;
};

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

std::string protocol_name(std::int16_t protocol) {
  if (protocol >= 20) return fmt::format("HTTP/{}", protocol / 10);
  return fmt::format("HTTP/{}.{}", protocol / 10, protocol % 10);
}

Result<> read_status(std::string_view text, Filter& filter) {
  const bool is_class = text.size() == 3 && text.ends_with("xx");
  const auto number = parse_number<std::int16_t>(is_class ? text.substr(0, 1) : text);
  if (!number || *number < (is_class ? 1 : 0) || *number > (is_class ? 5 : 999)) {
    return fail(errors::bad_filter, "status must be a number such as 404, or a class such as 5xx");
  }
  const auto first = static_cast<std::int16_t>(is_class ? *number * 100 : *number);
  filter.status_min = first;
  filter.status_max = static_cast<std::int16_t>(is_class ? first + 99 : first);
  return {};
}

Result<Filter> to_filter(const RequestQuery& query,
                         const std::vector<projects::Environment>& environments) {
  Filter filter{.path_prefix = query.path.value_or("")};
  if (query.environment) {
    const auto found =
        std::ranges::find(environments, *query.environment, &projects::Environment::name);
    if (found == environments.end()) {
      return fail(errors::bad_filter, "the project has no environment {}", *query.environment);
    }
    filter.environment = found->id;
  }
  if (query.status) {
    if (auto read = read_status(*query.status, filter); !read) return fail(read.error());
  }
  auto period = http::read_period(query.since, query.until);
  if (!period) return fail(period.error());
  filter.since = period->since;
  filter.until = period->until;
  return filter;
}

std::string cursor_of(const Request& last) { return http::to_text({last.began_at, last.id}); }

RequestView view(const Request& request, const std::vector<projects::Environment>& environments) {
  const auto environment =
      std::ranges::find(environments, request.environment, &projects::Environment::id);
  return {.id = request.id,
          .time = request.began_at,
          .environment = environment == environments.end() ? "" : environment->name,
          .deployment = request.deployment,
          .status = request.status,
          .method = request.method,
          .host = request.host,
          .path = request.path,
          .milliseconds = milliseconds(request.duration),
          .upstream_milliseconds = request.upstream.transform(milliseconds),
          .sent_bytes = request.sent_bytes,
          .received_bytes = request.received_bytes,
          .protocol = protocol_name(request.protocol),
          .tls = request.tls,
          .client = request.client,
          .user_agent = request.user_agent,
          .referrer = request.referrer,
          .request_id = request.request_id,
          .visitor = request.visitor};
}

Task<http::Page<RequestView>> list_requests(Requests& requests, http::Path<std::string> name,
                                            http::Query<RequestQuery> query) {
  const auto project = co_await requests.projects().get(name.value);
  const auto environments = co_await requests.projects().environments(project.id);
  auto filter = co_await to_filter(query.value, environments);
  const http::PageQuery size{.cursor = {}, .limit = query.value.limit};
  http::Page<RequestView> page;
  std::vector<Request> found;
  if (query.value.after) {
    found = co_await requests.newer(project.id, filter, *query.value.after, size.size());
  } else {
    const auto before = co_await http::read_history_cursor(query.value.cursor);
    found = co_await requests.list(project.id, filter, before, size.wanted());
    page.next = http::next_cursor(found, size, cursor_of);
  }
  for (const auto& request : found) page.items.push_back(view(request, environments));
  co_return page;
}

}  // namespace

void add_routes(http::Router& router, Requests& requests) {
  auto routes = router.bind(requests);
  routes
      .get<list_requests>("/api/v1/projects/{project}/requests", permissions::read,
                          "List the requests of a project's visitors, the newest first")
      .spans_environments = true;
}

}  // namespace temps::requests
