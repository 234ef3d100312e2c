#include "commands/commands.hpp"

#include <algorithm>
#include <utility>

#include "commands/errors.hpp"
#include "commands/masking.hpp"
#include "commands/session.hpp"
#include "core/log.hpp"
#include "core/random.hpp"
#include "json/json.hpp"

namespace temps::commands {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t words_max = 256;
constexpr std::size_t words_bytes_max = 64U << 10U;
constexpr auto retry_interval = 5s;
constexpr auto removal_time = 30s;

// What the audit log is told at the end.
struct Noted {
  std::vector<std::string> command;
  Kind kind = Kind::exec;
  std::string environment;
  std::int64_t deployment = 0;
  std::optional<int> exit_code{};
  double seconds = 0;
  std::optional<std::string> ended{};  // where it did not end by itself
};

Result<> check_words(const std::vector<std::string>& words) {
  std::size_t bytes = 0;
  for (const auto& word : words) {
    bytes += word.size();
    if (word.contains('\0')) return fail(errors::bad_command, "a word holds a zero character");
  }
  if (words.empty() || words.front().empty()) {
    return fail(errors::bad_command, "a command has a program's name as its first word");
  }
  if (words.size() <= words_max && bytes <= words_bytes_max) return {};
  return fail(errors::bad_command, "a command has at most {} words and {} bytes", words_max,
              words_bytes_max);
}

std::string owner_of(const http::Principal& caller) {
  if (caller.user != 0) return fmt::format("user {}", caller.user);
  return fmt::format("{} {}", caller.kind, caller.credential);
}

http::SocketMessage failure(const Error& error) {
  return to_message(Control{.said = Said::failed,
                            .error = std::string(error.code().code),
                            .detail = std::string(error.detail())});
}

}  // namespace

void Commands::forget_old() {
  const auto now = clock_.now();
  std::erase_if(waiting_, [now](const Announced& one) { return one.until < now; });
}

Result<> Commands::check_free(const std::string& owner) const {
  const auto of_one = std::ranges::count(waiting_, owner, &Announced::owner) +
                      std::ranges::count(running_, owner, &Running::owner);
  const bool is_full = waiting_.size() + running_.size() >= at_once_max;
  if (!is_full && of_one < of_one_max) return {};
  return fail(errors::too_many, "{} run at a time, {} of one user; end one first", at_once_max,
              of_one_max);
}

Task<Announced> Commands::announce(projects::Place place, const http::Principal& caller,
                                   Wish wish) {
  co_await check_words(wish.command.words);
  auto live = co_await deploys_.live(place.environment.id);
  if (!live || !live->release) {
    co_await fail(errors::nothing_runs, "nothing of {} ({}) is live; deploy it first",
                  place.project.name, place.environment.name);
  }
  if (!live->release->static_root.empty()) {
    co_await fail(errors::static_release,
                  "{} is a static site: files that the proxy serves, without an instance to run a "
                  "command in",
                  place.project.name);
  }
  if (live->release->runtime != runtime_.name()) {
    co_await fail(errors::other_runtime,
                  "the live release was made for the runtime {}, and this is {}; deploy it again",
                  live->release->runtime, runtime_.name());
  }
  if (wish.instance.value_or(1) != 1) {
    co_await fail(errors::no_such_instance, "{} has 1 instance, and no number {}",
                  place.project.name, *wish.instance);
  }
  std::vector<std::string> secrets;
  for (const auto& own : co_await variables_.at(place.environment.id, live->variables)) {
    if (own.kind == variables::Kind::secret) secrets.push_back(own.value.reveal());
  }
  forget_old();
  auto owner = owner_of(caller);
  co_await check_free(owner);
  auto shown = masked(wish.command.words, secrets);
  waiting_.push_back({.id = random_hex(16),
                      .wish = std::move(wish),
                      .place = std::move(place),
                      .deployment = std::move(*live),
                      .owner = std::move(owner),
                      .shown = std::move(shown),
                      .until = clock_.now() + waiting_time});
  co_return waiting_.back();
}

Result<Announced> Commands::take(std::string_view id, const http::Principal& caller,
                                 projects::EnvironmentId environment) {
  forget_old();
  const auto found = std::ranges::find(waiting_, id, &Announced::id);
  if (found == waiting_.end() || found->owner != owner_of(caller) ||
      found->place.environment.id != environment) {
    return fail(errors::no_such_command, "there is no such command; it waits for {} s only",
                waiting_time.count());
  }
  auto taken = std::move(*found);
  waiting_.erase(found);
  return taken;
}

Task<std::unique_ptr<runtime::RunningCommand>> Commands::start(const Announced& announced) {
  auto command = announced.wish.command;
  if (announced.wish.kind == Kind::exec) {
    co_return co_await runtime_.execute(announced.deployment.instance, std::move(command));
  }
  auto spec = co_await deploys_.instance_spec(announced.deployment);
  co_return co_await runtime_.run_once(std::move(spec), std::move(command));
}

Task<> Commands::run(Announced announced, http::WebSocket& socket, std::string& noted) {
  const auto place = running_.insert(
      running_.end(), Running{.project = announced.place.project.id, .owner = announced.owner});
  struct Leaving {
    std::list<Running>& from;
    std::list<Running>::iterator place;
    ~Leaving() { from.erase(place); }
  } const leaving{running_, place};
  Noted outcome{.command = announced.shown,
                .kind = announced.wish.kind,
                .environment = announced.place.environment.name,
                .deployment = announced.deployment.number};
  const auto begin = std::chrono::steady_clock::now();
  const auto note = [&](std::optional<std::string> why) {
    outcome.ended = std::move(why);
    outcome.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    noted = json::encode(outcome);
  };
  auto command = co_await attempt(start(announced));
  if (!command) {
    note(std::string(command.error().code().code));
    co_await check_cancelled();
    co_return co_await socket.send(failure(command.error()));
  }
  const auto stopped = [](Signal& stop) -> Task<Ended> {
    co_await stop.next();
    co_return Ended{};
  };
  auto ended =
      co_await attempt(race(carry(socket, **command, options_.time_max), stopped(place->stop)));
  const auto left = co_await attempt(shielded((*command)->end()));
  if (!left) log::warning("a command's end failed", {{"detail", left.error().detail()}});
  if (!ended) {
    note(std::string(ended.error().code().code));
    co_await fail(ended.error());
  }
  if (ended->timed_out) {
    note(std::string(errors::too_long.code));
    co_return co_await socket.send(failure(Error(
        errors::too_long, fmt::format("the command ran for {} s and was ended (command_time_max)",
                                      options_.time_max.count()))));
  }
  outcome.exit_code = ended->code;
  note(ended->code ? std::nullopt : std::optional<std::string>("its user has gone"));
  if (ended->code)
    co_await socket.send(to_message(Control{.said = Said::exited, .code = ended->code}));
}

Task<> Commands::end_forgotten() {
  for (;;) {
    auto done = co_await attempt(runtime_.end_forgotten_commands());
    if (done) co_return;
    co_await check_cancelled();
    log::debug("commands of a former process are not ended yet", {{"why", done.error().detail()}});
    co_await sleep(retry_interval);
  }
}

Task<> Commands::end_all_of(projects::ProjectId project) {
  std::erase_if(waiting_,
                [project](const Announced& one) { return one.place.project.id == project; });
  const auto all_gone = [](std::list<Running>& running, projects::ProjectId of) -> Task<> {
    for (;;) {
      bool is_any = false;
      for (auto& one : running) {
        if (one.project != of) continue;
        is_any = true;
        one.stop.notify();
      }
      if (!is_any) co_return;
      co_await sleep(50ms);
    }
  };
  co_await attempt(within(removal_time, all_gone(running_, project)));
}

}  // namespace temps::commands
