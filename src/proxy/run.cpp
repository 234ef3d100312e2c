// The proxy as a process: signals, and what the service manager hears.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <string>
#include <string_view>
#include <thread>

#include "core/log.hpp"
#include "core/terminal.hpp"
#include "files/owned_fd.hpp"
#include "proxy/control_client.hpp"
#include "proxy/errors.hpp"
#include "proxy/proxy.hpp"
#include "proxy/service_notice.hpp"

namespace temps::proxy {
namespace {

// Longer than a handover takes when each of its steps takes as long as it may.
constexpr std::chrono::seconds reload_time{90};

sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGUSR2);
  return signals;
}

// The parent waits for a line.
void say_that_it_serves() {
  constexpr std::string_view line = "serving\n";
  static_cast<void>(::write(STDOUT_FILENO, line.data(), line.size()));
}

// Returns when the proxy is to end: it is told to, or another process has its place.
void serve(Proxy& proxy, int signals) {
  const ControllingTerminal terminal;
  for (;;) {
    std::array<pollfd, 2> polls{{{signals, POLLIN, 0}, {proxy.handed_over_event(), POLLIN, 0}}};
    ::poll(polls.data(), polls.size(), -1);
    if (polls[1].revents != 0) return;
    signalfd_siginfo got{};
    if (::read(signals, &got, sizeof got) != sizeof got) continue;
    if (got.ssi_signo == SIGUSR2) {
      proxy.note_no_successor();
    } else if (got.ssi_signo != SIGHUP || terminal.is_lost()) {
      return;
    } else {
      proxy.reload();
    }
  }
}

// A second signal to end does not wait.
void stop(Proxy& proxy, const sigset_t& signals) {
  std::atomic<bool> stopped{false};
  std::thread impatient([&] {
    const timespec interval{.tv_sec = 0, .tv_nsec = 100'000'000};
    int times = proxy.is_handed_over() ? 0 : 1;
    while (!stopped) {
      const int number = ::sigtimedwait(&signals, nullptr, &interval);
      if (number != SIGTERM && number != SIGINT) continue;
      if (++times >= 2) proxy.stop_now();
    }
  });
  proxy.stop();
  stopped = true;
  impatient.join();
}

}  // namespace

Result<> run(const Options& options) {
  const auto signals = awaited_signals();
  // Before any thread exists, so that all of them leave the signals to this one. The end of a child
  // is looked for, and must interrupt nobody.
  auto blocked = signals;
  sigaddset(&blocked, SIGCHLD);
  ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  const files::OwnedFd signal_fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  auto proxy = Proxy::start(options);
  if (!proxy) return fail(std::move(proxy.error()));
  for (const auto& address : (*proxy)->addresses())
    log::info("proxy listens", {{"address", address}});
  for (const auto& address : (*proxy)->tls_addresses())
    log::info("proxy listens for TLS", {{"address", address}});
  if (const auto address = (*proxy)->metrics_address(); !address.empty())
    log::info("metrics for Prometheus", {{"address", "http://" + address + "/metrics"}});
  const ServiceNotice service(options.notify_socket);
  // The process before this one says it otherwise, as it may.
  if (!(*proxy)->has_taken_over()) service.ready();
  if (options.is_supervised && options.take_over) say_that_it_serves();
  serve(**proxy, signal_fd.get());
  if (!(*proxy)->is_handed_over()) {
    service.stopping();
    log::info("proxy stops: requests in flight are finished first",
              {{"limit_s", options.drain_limit.count()}});
  }
  stop(**proxy, signals);
  return {};
}

Result<> ask_reload(const std::string& control_path) {
  auto reply = ask_control(control_path, {.reload = true}, reload_time, errors::not_reloaded);
  if (!reply) return fail(std::move(reply.error()));
  if (!reply->error.empty()) return fail(errors::not_reloaded, "{}", reply->error);
  return {};
}

}  // namespace temps::proxy
