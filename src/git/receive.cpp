// What happens between "the objects are here" and "the branch has moved": the deployment.
#include <algorithm>

#include "core/log.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "git/errors.hpp"
#include "git/git.hpp"
#include "json/json.hpp"

namespace temps::git {

namespace {

constexpr std::size_t hook_call_bytes_max = 1U << 20U;

// Ids come from git itself, but they go into a command line.
bool is_object_id(std::string_view id) {
  return (id.size() == 40 || id.size() == 64) &&
         id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Task<> tell(http::BodyWriter& out, std::string line) {
  co_await out.write(json::encode(HookAnswer{.line = std::move(line)}) + "\n");
}

// What a push has moved, or tried to.
struct PushOutcome {
  bool accepted;
  std::vector<RefUpdate> updates;
  std::optional<std::string> error;  // what the audit log calls a push that was refused
};

Task<std::string> read_all(http::BodyReader& body) {
  std::string text;
  for (;;) {
    const auto chunk = co_await body.read();
    if (chunk.empty()) co_return text;
    text += chunk;
    if (text.size() > hook_call_bytes_max) {
      co_await fail(errors::bad_hook,
                    "too many branches and tags in one push; push them some hundreds at a time");
    }
  }
}

// Its end would leave an app that nobody can replace.
std::string cannot_delete(const projects::Project& project,
                          const projects::Environment& environment) {
  const auto how =
      environment.name == projects::production_name
          ? fmt::format("temps project delete {}", project.name)
          : fmt::format("temps environment delete {} {}", project.name, environment.name);
  return fmt::format("{} is what {} deploys; it cannot be deleted. To take the app down: {}",
                     environment.settings.branch, project.name, how);
}

std::string stored_only(std::string_view ref, const projects::Project& project,
                        const std::vector<projects::Environment>& environments) {
  std::vector<std::string> tracked;
  for (const auto& environment : environments) {
    tracked.push_back(fmt::format("{} ({})", environment.settings.branch, environment.name));
  }
  const auto branch = cut(ref, "refs/heads/").second;
  if (branch.empty()) {
    return fmt::format("{} is stored but not deployed: {} deploys {}", ref, project.name,
                       join(tracked, ", "));
  }
  return fmt::format(
      "{0} is stored but not deployed: {1} deploys {2}. To deploy it beside that: temps "
      "environment create {1} NAME --branch {0}, then: temps redeploy {1} --environment NAME; "
      "instead of it: temps project set {1} branch={0}",
      branch, project.name, join(tracked, ", "));
}

}  // namespace

Task<http::Response> Endpoint::hook(http::Request& request) {
  auto call = co_await json::decode<HookCall>(co_await read_all(*request.body),
                                              {.size_bytes_max = hook_call_bytes_max + 1});
  // Only a push that runs now knows its token, so nobody else can speak as its hook.
  auto found = running_.find(call.token);
  if (found == running_.end()) co_await fail(errors::bad_hook);
  http::Response response;
  response.headers.set("Content-Type", "application/x-ndjson");
  response.stream = [this, call, push = found->second](http::BodyWriter& out) -> Task<> {
    return
        [](Endpoint& self, HookCall wanted, Running running, http::BodyWriter& writer) -> Task<> {
          auto accepted = co_await attempt(self.receive(wanted, running, writer));
          if (!accepted) co_await tell(writer, fmt::format("{}", accepted.error().detail()));
          PushOutcome outcome{accepted && *accepted, std::move(wanted.updates), std::nullopt};
          if (!outcome.accepted) {
            outcome.error = accepted ? errors::push_refused.code : accepted.error().code().code;
          }
          *running.outcome = json::encode(outcome);
          co_await writer.write(json::encode(HookAnswer{.accept = outcome.accepted}) + "\n");
        }(*this, call, push, out);
  };
  co_return response;
}

Task<bool> Endpoint::receive(HookCall call, Running push, http::BodyWriter& out) {
  bool accepted = true;
  const auto environments = co_await projects_.environments(push.project.id);
  for (const auto& update : call.updates) {
    if (!is_object_id(update.before) || !is_object_id(update.after)) {
      co_await fail(errors::bad_hook, "a ref update without object ids");
    }
    const auto tracks = [&update](const projects::Environment& environment) {
      return update.ref == "refs/heads/" + environment.settings.branch;
    };
    const auto tracked = std::ranges::find_if(environments, tracks);
    if (tracked == environments.end()) {
      if (!is_zero(update.after)) {
        co_await tell(out, stored_only(update.ref, push.project, environments));
      }
    } else if (!push.who.may(permissions::push, {push.project.name, tracked->name})) {
      co_await tell(out, fmt::format("you may not deploy to the environment {} of {}",
                                     tracked->name, push.project.name));
      accepted = false;
    } else if (is_zero(update.after)) {
      co_await tell(out, cannot_delete(push.project, *tracked));
      accepted = false;
    } else {
      accepted = co_await deploy_update(update, call, push, *tracked, out) && accepted;
    }
  }
  co_return accepted;
}

// As a job, so that it waits for its turn and outlives this push.
Task<> Endpoint::tidy_up(const Running& push) {
  if (!repositories_.has_many_packs(push.repository)) co_return;
  const auto key = "git-" + push.project.name;
  if (co_await queue_.has_open(key)) co_return;
  co_await queue_.add({.kind = std::string(collect_job),
                       .key = key,
                       .payload = json::encode(CollectPayload{push.project.name})});
}

void Endpoint::handle_jobs() {
  queue_.handle(
      std::string(collect_job),
      [this](jobs::Job& job) -> Task<> {
        return [](Repositories& repositories, std::string payload) -> Task<> {
          const auto wanted = co_await json::decode<CollectPayload>(payload);
          co_await repositories.collect_garbage(co_await repositories.open(wanted.project));
        }(repositories_, job.payload());
      },
      {.running_max = 1});
}

Task<std::optional<deploys::Stored>> Endpoint::stored(projects::Environment environment) {
  const auto project = co_await projects_.get(environment.project);
  const auto repository = co_await repositories_.open(project.name);
  const auto id = co_await repositories_.head(repository, environment.settings.branch);
  if (!id) co_return std::nullopt;
  auto commit = co_await repositories_.commit(repository, {}, *id);
  const auto tree = options_.sources / fmt::format("branch-{}.tar", random_token(24));
  co_await repositories_.export_tree(repository, {}, *id, tree);
  co_return deploys::Stored{.push = {.environment = environment.id,
                                     .commit = std::move(commit.id),
                                     .message = std::move(commit.message),
                                     .branch = environment.settings.branch},
                            .tree = tree};
}

Task<bool> Endpoint::deploy_update(const RefUpdate& update, const HookCall& call,
                                   const Running& push, const projects::Environment& environment,
                                   http::BodyWriter& out) {
  const auto begun_at = deploys_.now();
  const Quarantine quarantine{call.object_directory, call.alternates};
  auto commit = co_await repositories_.commit(push.repository, quarantine, update.after);
  co_await tell(out, fmt::format("received {} \"{}\"", commit.id.substr(0, 8), commit.message));
  const auto tree = options_.sources / fmt::format("push-{}.tar", call.token);
  co_await repositories_.export_tree(push.repository, quarantine, update.after, tree);
  auto deployment = co_await deploys_.deploy({.environment = environment.id,
                                              .commit = commit.id,
                                              .message = commit.message,
                                              .branch = environment.settings.branch,
                                              .arriving_since = begun_at},
                                             tree, options_.sources);
  auto ended = co_await deploys_.follow(deployment.id, [&out](const logs::Line& line) -> Task<> {
    const bool ours = line.stream == logs::Stream::system;
    return tell(out, (ours ? "" : "  | ") + line.text);
  });
  const bool went_live =
      ended.status == deploys::Status::live || ended.status == deploys::Status::retired;
  if (went_live) {
    co_await attempt(repositories_.set_back(push.repository, update));
    co_await attempt(tidy_up(push));
  }
  co_return went_live;
}

}  // namespace temps::git
