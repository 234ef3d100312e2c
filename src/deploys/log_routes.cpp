#include "core/reflect.hpp"
#include "core/text.hpp"
#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"
#include "http/server.hpp"
#include "json/json.hpp"

namespace temps::deploys {
namespace {

constexpr std::uint32_t lines_default = 200;
constexpr std::uint32_t lines_max = 10'000;

LineView show(const logs::Line& line) {
  return {.sequence = line.sequence,
          .time = line.time,
          .stream = std::string(reflect::enum_name(line.stream)),
          .text = line.text,
          .deployment = line.source == 0 ? std::nullopt : std::optional(line.source),
          .level = line.stream == logs::Stream::system ? std::nullopt : logs::level_of(line.text)};
}

Result<logs::Query> to_query(const LogQuery& wanted) {
  logs::Query query{.last = std::min(wanted.lines.value_or(lines_default), lines_max),
                    .contains = wanted.contains.value_or("")};
  for (const auto& [text, field] :
       {std::pair(&wanted.since, &query.since), std::pair(&wanted.until, &query.until)}) {
    if (!*text) continue;
    auto time = parse_rfc3339(**text);
    if (!time) return fail(time.error());
    *field = *time;
  }
  return query;
}

// What one reader wants to see.
class Wanted {
 public:
  static Result<Wanted> of(const LogQuery& asked) {
    auto query = to_query(asked);
    if (!query) return fail(query.error());
    Wanted wanted;
    wanted.lines_ = *query->last;
    wanted.level_ = asked.level;
    wanted.query_ = std::move(*query);
    // The store knows no levels.
    if (wanted.level_) wanted.query_.last = lines_max;
    return wanted;
  }
  [[nodiscard]] bool fits(const logs::Line& line) const {
    if (!line.text.contains(query_.contains)) return false;
    if (!level_) return true;
    const auto level = logs::level_of(line.text);
    return level && *level >= *level_;
  }
  // The newest ones that fit.
  [[nodiscard]] Result<std::vector<logs::Line>> read(const logs::Store& store,
                                                     std::string_view channel) const {
    auto lines = store.read(channel, query_);
    if (!lines || !level_ || !query_.last) return lines;
    std::erase_if(*lines, [this](const logs::Line& line) { return !fits(line); });
    if (lines->size() > lines_) {
      lines->erase(lines->begin(), lines->end() - static_cast<std::ptrdiff_t>(lines_));
    }
    return lines;
  }
  // All that came after this one, which a reader who comes back has seen.
  void go_on_after(std::int64_t sequence) {
    query_.after_sequence = sequence;
    query_.last.reset();
  }
  [[nodiscard]] std::int64_t after() const { return query_.after_sequence; }
  [[nodiscard]] bool wants_the_newest() const { return query_.last.has_value(); }

 private:
  logs::Query query_;
  std::optional<logs::Level> level_;
  std::size_t lines_ = 0;
};

Task<std::string> app_channel_of(Api& api, std::string project, const LogQuery& query) {
  const auto place = co_await place_of(api, std::move(project), query.environment);
  co_return app_channel(place.environment.id);
}

Task<DeploymentId> find(Api& api, std::string project, std::int64_t number,
                        std::optional<std::string> environment) {
  const auto place = co_await place_of(api, std::move(project), std::move(environment));
  const auto deployment = co_await api.deploys.get(place.environment.id, number);
  co_return deployment.id;
}

Task<http::Page<LineView>> read_lines(Api& api, std::string channel, const LogQuery& wanted) {
  const auto reader = co_await Wanted::of(wanted);
  http::Page<LineView> page;
  auto lines = co_await reader.read(api.deploys.logs(), channel);
  for (const auto& line : lines) page.items.push_back(show(line));
  co_return page;
}

Task<http::Page<LineView>> read_app_log(Api& api, http::Path<std::string> project,
                                        http::Query<LogQuery> query) {
  auto channel = co_await app_channel_of(api, project.value, query.value);
  co_return co_await read_lines(api, std::move(channel), query.value);
}

Task<http::Page<LineView>> read_build_log(Api& api, http::Path<std::string> project,
                                          http::Path<std::int64_t> number,
                                          http::Query<LogQuery> query) {
  const auto id = co_await find(api, project.value, number.value, query.value.environment);
  co_return co_await read_lines(api, build_channel(id), query.value);
}

// The newest lines, then every new one. A client that reconnects with Last-Event-ID goes on where
// it was.
Task<> stream_channel(logs::Store& store, std::string channel, Wanted wanted,
                      http::EventSink& sink) {
  std::int64_t seen = wanted.after();
  auto lines = co_await wanted.read(store, channel);
  // What came before the newest lines need not be looked at again; of one who comes back all of it.
  const auto known = wanted.wants_the_newest() ? co_await store.read(channel, {.last = 1}) : lines;
  if (!known.empty()) seen = known.back().sequence;
  for (;;) {
    for (const auto& line : lines) {
      if (wanted.fits(line)) co_await send_line(sink, line);
    }
    co_await store.wait(channel, seen);
    lines = co_await store.read(channel, {.after_sequence = seen});
    if (!lines.empty()) seen = lines.back().sequence;
  }
}

Task<http::Response> follow_app_log(Api& api, const http::Request& request,
                                    http::Path<std::string> project, http::Query<LogQuery> wanted) {
  auto channel = co_await app_channel_of(api, project.value, wanted.value);
  auto reader = co_await Wanted::of(wanted.value);
  if (auto last = request.headers.find("Last-Event-ID")) {
    reader.go_on_after(parse_number<std::int64_t>(*last).value_or(0));
  }
  co_return http::event_stream(
      [&store = api.deploys.logs(), channel, reader](http::EventSink& sink) {
        return stream_channel(store, channel, reader, sink);
      });
}

Task<> stream_deployment(Deploys& deploys, DeploymentId id, http::EventSink& sink) {
  auto ended = co_await deploys.follow(
      id, [&sink](const logs::Line& line) { return send_line(sink, line); });
  co_await sink.send({.name = "end", .data = json::encode(view(ended, std::nullopt))});
}

Task<http::Response> follow_build_log(Api& api, http::Path<std::string> project,
                                      http::Path<std::int64_t> number,
                                      http::Query<EnvironmentQuery> in) {
  const auto id = co_await find(api, project.value, number.value, in.value.environment);
  co_return http::event_stream(
      [&api, id](http::EventSink& sink) { return stream_deployment(api.deploys, id, sink); });
}

}  // namespace

Task<> send_line(http::EventSink& sink, const logs::Line& line) {
  co_await sink.send({.id = std::to_string(line.sequence), .data = json::encode(show(line))});
}

void add_log_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  const auto may = permissions::logs_read;
  routes.get<read_app_log>("/api/v1/projects/{project}/logs", may, "Read the app's output");
  routes.get<follow_app_log>("/api/v1/projects/{project}/logs/events", may,
                             "Follow the app's output (Server-Sent Events)");
  routes.get<read_build_log>("/api/v1/projects/{project}/deployments/{number}/log", may,
                             "Read a deployment's log");
  routes.get<follow_build_log>("/api/v1/projects/{project}/deployments/{number}/log/events", may,
                               "Follow a deployment (Server-Sent Events); the event \"end\" holds "
                               "its last state");
}

}  // namespace temps::deploys
