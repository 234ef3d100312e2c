#include "system/program.hpp"

#include <signal.h>

#include <fstream>
#include <sstream>

#include "core/concurrency.hpp"

namespace temps::e2e {

namespace {
constexpr std::size_t output_bytes_max = 16U << 20U;
constexpr auto poll_pause = 20ms;
}  // namespace

Outcome run(net::Loop& loop, Call call) {
  auto captured =
      loop.run(within(call.limit, process::capture(loop,
                                                   {.command = std::move(call.command),
                                                    .environment = std::move(call.environment),
                                                    .folder = std::move(call.folder)},
                                                   std::move(call.input), output_bytes_max)));
  if (!captured) return {.err = std::string(captured.error().detail())};
  return {captured->exit.code, std::move(captured->out), std::move(captured->err)};
}

Background::Background(net::Loop& loop, Call call, Files files)
    : loop_(loop), files_(std::move(files)) {
  // A Spec has one file for both outputs; the shell parts them.
  Words command{"sh", "-c", R"(err=$1; shift; exec "$@" 2>>"$err" </dev/null)", "sh",
                files_.err.string()};
  command.insert(command.end(), call.command.begin(), call.command.end());
  auto child = process::Child::start(loop_, {.command = std::move(command),
                                             .environment = std::move(call.environment),
                                             .folder = std::move(call.folder),
                                             .out = process::Output::to_file,
                                             .err = process::Output::discard,
                                             .out_file = files_.out.string(),
                                             .dies_with_parent = true});
  if (child) child_.emplace(std::move(*child));
  ensure(child_.has_value(), "a program of the test starts");
}

std::string Background::out() const { return content(files_.out); }
std::string Background::err() const { return content(files_.err); }

bool Background::says(std::string_view text, std::chrono::seconds limit) {
  bool said = false;
  eventually(
      loop_,
      [&] {
        const bool ended = has_exited();
        said = out().find(text) != std::string::npos || err().find(text) != std::string::npos;
        return said || ended;
      },
      limit);
  return said;
}

void Background::signal(int number) { ::kill(pid(), number); }

int Background::wait(std::chrono::seconds limit) {
  auto exit = loop_.run(within(limit, child_->wait()));
  return exit ? exit->code : -1;
}

bool eventually(net::Loop& loop, const std::function<bool()>& is_true, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() > end) return false;
    (void)loop.run(sleep(poll_pause));
  }
  return true;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace temps::e2e
