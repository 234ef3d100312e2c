#include "proxy/proxy.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "core/log.hpp"
#include "proxy/access_log.hpp"
#include "proxy/address.hpp"
#include "proxy/control.hpp"
#include "proxy/errors.hpp"
#include "proxy/listener.hpp"
#include "proxy/table_holder.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr unsigned threads_max = 256;

// Each connection is a descriptor, and another to its upstream.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// ":8080" means IPv6 and IPv4; where the machine has no IPv6, IPv4 alone.
Result<Address> parse_usable(const std::string& text) {
  auto address = parse_address(text);
  if (!address) return address;
  if (address->family() == AF_UNIX)
    return fail(errors::bad_address, "the proxy listens on TCP only, not on {}", text);
  auto unused = check_unused(*address);
  if (unused) return address;
  const bool means_every = text.starts_with(':') || text.starts_with('*');
  if (means_every && !unused.error().is(errors::address_in_use)) {
    auto four = parse_address("0.0.0.0" + text.substr(text.find(':')));
    if (four && check_unused(*four)) return four;
  }
  return fail(std::move(unused.error()));
}

Result<std::vector<Address>> parse_listen(const std::vector<std::string>& texts) {
  std::vector<Address> addresses;
  for (const auto& text : texts) {
    auto address = parse_usable(text);
    if (!address) return fail(std::move(address.error()));
    addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

struct Proxy::Parts {
  explicit Parts(Options given) : options(std::move(given)) {}

  Options options;
  std::vector<std::string> addresses;
  std::vector<std::string> tls_addresses;
  TicketKeys tickets;
  std::unique_ptr<AccessLog> access_log;  // where there is one
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<TableHolder> tables;
  std::vector<std::thread> threads;
  std::unique_ptr<Control> control;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = 0;
  bool stopping = false;
  bool joined = false;

  Result<> open_listeners();
  Result<> open_listeners(const std::vector<std::string>& texts, Encryption encryption,
                          std::vector<std::string>& opened);
  void open_access_log();
  void start_threads();
};

Result<> Proxy::Parts::open_listeners(const std::vector<std::string>& texts, Encryption encryption,
                                      std::vector<std::string>& opened) {
  auto wanted = parse_listen(texts);
  if (!wanted) return fail(std::move(wanted.error()));
  for (auto& address : *wanted) {
    for (const auto& worker : workers) {
      auto fd = open_listener(address);  // the first one settles a port 0
      if (!fd) return fail(std::move(fd.error()));
      worker->listen_on(*fd, encryption);
      if (encryption == Encryption::tls && worker->tls_port == 0)
        worker->tls_port = port_of(address);
    }
    opened.push_back(to_text(address));
  }
  return {};
}

Result<> Proxy::Parts::open_listeners() {
  if (options.listen.empty())
    return fail(errors::bad_address, "no address to listen on is given: --listen 127.0.0.1:8080");
  if (auto plain = open_listeners(options.listen, Encryption::none, addresses); !plain)
    return plain;
  return open_listeners(options.listen_tls, Encryption::tls, tls_addresses);
}

void Proxy::Parts::open_access_log() {
  const auto& wanted = options.access_log;
  if (wanted.share <= 0 || (wanted.spool_folder.empty() && wanted.file.empty())) return;
  access_log = std::make_unique<AccessLog>(wanted);
  for (const auto& worker : workers) worker->log_to(*access_log);
}

void Proxy::Parts::start_threads() {
  running = workers.size();
  for (const auto& worker : workers)
    threads.emplace_back([this, &worker] {
      worker->run();
      const std::lock_guard lock(mutex);
      --running;
      changed.notify_all();
    });
}

Proxy::Proxy(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Proxy>> Proxy::start(Options options) {
  ::signal(SIGPIPE, SIG_IGN);  // sendfile has no flag against it
  raise_file_limit();
  auto parts = std::make_unique<Parts>(std::move(options));
  auto count = parts->options.threads;
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < std::min(count, threads_max); ++i)
    parts->workers.push_back(std::make_unique<Worker>(i, parts->options.limits, parts->tickets));
  if (auto opened = parts->open_listeners(); !opened) return fail(std::move(opened.error()));
  parts->open_access_log();
  parts->tables = std::make_unique<TableHolder>(parts->options.table_path, parts->workers,
                                                parts->access_log.get());
  parts->start_threads();
  std::unique_ptr<Proxy> proxy(new Proxy(std::move(parts)));
  auto control = Control::start(proxy->parts_->options.control_path, *proxy->parts_->tables);
  if (!control) {
    proxy->stop_now();
    return fail(std::move(control.error()));
  }
  proxy->parts_->control = std::move(*control);
  return proxy;
}

Proxy::~Proxy() {
  stop_now();
  stop();
}

const std::vector<std::string>& Proxy::addresses() const { return parts_->addresses; }
const std::vector<std::string>& Proxy::tls_addresses() const { return parts_->tls_addresses; }

void Proxy::stop() {
  auto& parts = *parts_;
  {
    std::unique_lock lock(parts.mutex);
    if (parts.joined) return;
    if (!std::exchange(parts.stopping, true))
      for (const auto& worker : parts.workers) worker->post_drain();
    if (!parts.changed.wait_for(lock, parts.options.drain_limit,
                                [&] { return parts.running == 0; })) {
      log::warning("requests in flight were cut off: the drain limit is reached");
      for (const auto& worker : parts.workers) worker->post_stop();
    }
    parts.joined = true;
  }
  for (auto& thread : parts.threads) thread.join();
  parts.control.reset();
}

void Proxy::stop_now() {
  const std::lock_guard lock(parts_->mutex);
  parts_->stopping = true;
  for (const auto& worker : parts_->workers) worker->post_stop();
}

Result<> run(const Options& options) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  // Before any thread exists, so that all of them leave the signals to this one.
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto proxy = Proxy::start(options);
  if (!proxy) return fail(std::move(proxy.error()));
  for (const auto& address : (*proxy)->addresses())
    log::info("proxy listens", {{"address", address}});
  for (const auto& address : (*proxy)->tls_addresses())
    log::info("proxy listens for TLS", {{"address", address}});
  int signal_number = 0;
  ::sigwait(&signals, &signal_number);
  log::info("proxy stops: requests in flight are finished first",
            {{"limit_s", options.drain_limit.count()}});
  // A second signal does not wait.
  std::atomic<bool> stopped{false};
  std::thread impatient([&] {
    const timespec interval{.tv_sec = 0, .tv_nsec = 100'000'000};
    while (!stopped)
      if (::sigtimedwait(&signals, nullptr, &interval) > 0) (*proxy)->stop_now();
  });
  (*proxy)->stop();
  stopped = true;
  impatient.join();
  return {};
}

}  // namespace temps::proxy
