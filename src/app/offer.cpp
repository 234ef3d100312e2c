#include "app/offer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "app/api_client.hpp"
#include "app/layout.hpp"
#include "app/local_target.hpp"
#include "app/terminal.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "net/descriptor.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

constexpr std::size_t answer_bytes_max = 256;

struct Listed {
  std::vector<json::Raw> items;
};

bool is_attended() {
  return is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO) &&
         ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

Task<bool> has_projects(net::Loop& loop, std::string data) {
  ApiClient client(loop, co_await local_target(data));
  auto listed = co_await client.get<Listed>("/api/v1/projects?limit=1");
  co_return !listed.items.empty();
}

// A description of the terminal of our own: made non-blocking, the one of the shell stays as it is.
Task<std::string> typed_line(net::Loop& loop) {
  // In the background a read fails instead of stopping us.
  std::signal(SIGTTIN, SIG_IGN);
  const int fd = ::open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) co_await fail(errno_error("cannot read from the terminal", errno));
  net::Descriptor terminal(loop, fd);
  std::string line;
  std::array<char, answer_bytes_max> buffer{};
  while (!line.contains('\n') && line.size() < answer_bytes_max) {
    const auto got = co_await terminal.read_some(buffer);
    if (got == 0) co_await fail(errno_error("the terminal has gone", EIO));
    line.append(buffer.data(), got);
  }
  co_return lowered(trimmed(cut(line, "\n").first));
}

Task<> ask_and_deploy(net::Loop& loop, const UpOptions& options) {
  const Layout layout{options.data};
  if (!is_attended() || files::read(layout.demo_offered())) co_return;
  if (co_await has_projects(loop, options.data.string())) co_return;
  note("Deploy the example app examples/hello-node now? [Y/n]");
  const auto answer = co_await typed_line(loop);
  co_await files::write_atomically(layout.demo_offered(), answer + "\n", 0600);
  if (!answer.empty() && answer != "y" && answer != "yes") co_return;
  auto child = co_await process::Child::start(
      loop, {.command = {options.program.string(), "demo", "--data-dir", options.data.string()},
             .environment = process::base_environment(),
             .out = process::Output::inherit,
             .err = process::Output::inherit,
             .dies_with_parent = true});
  if ((co_await child.wait()).is_success()) co_return;
  note(fmt::format("The demo did not go live; Temps goes on. Try again with: {} demo{}",
                   options.printed_program, options.data_words));
}

}  // namespace

Task<> offer_demo(net::Loop& loop, const UpOptions& options) {
  auto asked = co_await attempt(ask_and_deploy(loop, options));
  if (!asked && asked.error().code().kind == ErrorKind::cancelled) co_await fail(asked.error());
}

}  // namespace temps::app
