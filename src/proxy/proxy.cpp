#include "proxy/proxy.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/log.hpp"
#include "files/owned_fd.hpp"
#include "proxy/access_log.hpp"
#include "proxy/address.hpp"
#include "proxy/compressed_files.hpp"
#include "proxy/control.hpp"
#include "proxy/errors.hpp"
#include "proxy/kernel_tls.hpp"
#include "proxy/listener.hpp"
#include "proxy/loop_barrier.hpp"
#include "proxy/metrics_server.hpp"
#include "proxy/succession.hpp"
#include "proxy/table_holder.hpp"
#include "proxy/takeover.hpp"
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

Result<Address> parse_listen(const std::string& text) {
  auto address = parse_address(text);
  if (address && address->family() == AF_UNIX)
    return fail(errors::bad_address, "the proxy listens on TCP only, not on {}", text);
  return address;
}

// Does listening on `every` include `address`?
bool includes(const std::string& every, const Address& address) {
  const auto port = ":" + std::to_string(port_of(address));
  return every == "[::]" + port || (every == "0.0.0.0" + port && address.family() == AF_INET);
}

// ":8080" means IPv6 and IPv4; where the machine has no IPv6, IPv4 alone.
Result<Address> parse_usable(const std::string& text) {
  auto address = parse_listen(text);
  if (!address) return address;
  auto unused = check_unused(*address);
  if (unused) return address;
  const bool means_every = text.starts_with(':') || text.starts_with('*');
  if (means_every && !unused.error().is(errors::address_in_use)) {
    auto four = parse_address("0.0.0.0" + text.substr(text.find(':')));
    if (four && check_unused(*four)) return four;
  }
  return fail(std::move(unused.error()));
}

Result<Networks> parse_networks(const std::vector<std::string>& texts) {
  Networks networks;
  for (const auto& text : texts)
    if (!networks.add(text))
      return fail(errors::bad_network, "\"{}\" is not an address or a network such as 10.0.0.0/8",
                  text);
  return networks;
}

}  // namespace

struct Proxy::Parts {
  explicit Parts(Options given) : options(std::move(given)) {}

  Options options;
  std::vector<std::string> addresses;
  std::vector<std::string> tls_addresses;
  Trust trust;
  TicketKeys tickets;
  CompressedFiles compressed;
  std::optional<routing::KernelTls> kernel_tls;  // where TLS is listened for
  std::unique_ptr<AccessLog> access_log;         // where there is one
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<ListeningSockets> listening;
  std::unique_ptr<TableHolder> tables;
  std::vector<std::thread> threads;
  files::OwnedFd handed_over{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::atomic<bool> is_handed_over{false};
  bool has_taken_over = false;
  std::unique_ptr<Control> control;
  std::unique_ptr<MetricsServer> metrics;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = 0;
  bool stopping = false;
  bool hurries = false;
  bool joined = false;

  void ask_kernel();
  void make_workers();
  Result<> open_listeners(Takeover* takeover);
  Result<> open_listeners(const std::vector<std::string>& texts, Encryption encryption,
                          Takeover* takeover);
  void keep_or_close_rest(Takeover& takeover);
  void open_access_log();
  void start_threads();
  Result<> accept();
  Result<> serve_metrics();
  Result<> take_place(Takeover* takeover);
  void note_handed_over();
  bool wait_for_end(std::unique_lock<std::mutex>& lock);
};

void Proxy::Parts::ask_kernel() {
  if (options.listen_tls.empty()) return;
  if (!options.kernel_tls) {
    kernel_tls = routing::KernelTls::off;
  } else {
    kernel_tls =
        KernelTls::is_offered() ? routing::KernelTls::used : routing::KernelTls::not_offered;
  }
}

void Proxy::Parts::make_workers() {
  const auto encryptor =
      kernel_tls == routing::KernelTls::used ? Encryptor::kernel : Encryptor::openssl;
  auto count = options.threads;
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < std::min(count, threads_max); ++i) {
    workers.push_back(
        std::make_unique<Worker>(i, options.limits, trust, Worker::Tls{tickets, encryptor}));
    workers.back()->compressed = &compressed;
  }
}

// Each socket has a queue of its own, so none of those that are handed over may be closed, however
// many loops there are here: some loops serve more of them than others then.
Result<> Proxy::Parts::open_listeners(const std::vector<std::string>& texts, Encryption encryption,
                                      Takeover* takeover) {
  for (const auto& text : texts) {
    auto address = parse_listen(text);
    if (!address) return fail(std::move(address.error()));
    std::optional<Takeover::Listener> taken;
    if (takeover != nullptr) taken = takeover->take(text, *address);
    if (taken) {
      address = taken->address;
    } else if (takeover == nullptr || !takeover->has_port(port_of(*address))) {
      address = parse_usable(text);
      if (!address) return fail(std::move(address.error()));
    }
    ListeningSockets sockets{.asked = text, .address = {}, .encryption = encryption, .sockets = {}};
    const auto count = std::max(workers.size(), taken ? taken->sockets.size() : 0);
    for (std::size_t i = 0; i < count; ++i) {
      auto fd = taken && i < taken->sockets.size() ? Result<int>(taken->sockets[i].release())
                                                   : open_listener(*address);
      if (!fd) return fail(std::move(fd.error()));  // the first one settles a port 0
      auto& worker = *workers[i % workers.size()];
      worker.listen_on(*fd, encryption);
      sockets.sockets.push_back(*fd);
      if (encryption == Encryption::tls && worker.tls_port == 0)
        worker.tls_port = port_of(*address);
    }
    sockets.address = to_text(*address);
    (encryption == Encryption::tls ? tls_addresses : addresses).push_back(sockets.address);
    listening.push_back(std::move(sockets));
  }
  return {};
}

Result<> Proxy::Parts::open_listeners(Takeover* takeover) {
  if (options.listen.empty())
    return fail(errors::bad_address, "no address to listen on is given: --listen 127.0.0.1:8080");
  if (auto plain = open_listeners(options.listen, Encryption::none, takeover); !plain) return plain;
  auto tls = open_listeners(options.listen_tls, Encryption::tls, takeover);
  if (tls && takeover != nullptr) keep_or_close_rest(*takeover);
  return tls;
}

// What was listened on by the proxy before and is not configured any more. Sockets of one address
// go on where every address is listened on now: they would take its connections until the last
// moment, and lose them.
void Proxy::Parts::keep_or_close_rest(Takeover& takeover) {
  std::size_t turn = 0;
  for (auto& rest : takeover.take_rest()) {
    const auto encryption = rest.is_tls ? Encryption::tls : Encryption::none;
    const bool is_covered = std::ranges::any_of(listening, [&](const auto& wanted) {
      return wanted.encryption == encryption && includes(wanted.address, rest.address);
    });
    ListeningSockets kept{.asked = rest.asked,
                          .address = to_text(rest.address),
                          .encryption = encryption,
                          .sockets = {}};
    for (auto& socket : rest.sockets) {
      kept.sockets.push_back(socket.get());
      workers[turn++ % workers.size()]->listen_on(
          socket.release(), encryption, is_covered ? Worker::Wanted::yes : Worker::Wanted::no);
    }
    if (is_covered) listening.push_back(std::move(kept));
  }
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

Result<> Proxy::Parts::accept() {
  const auto barrier = LoopBarrier::of(workers.size());
  for (const auto& worker : workers)
    worker->post_accept([arrival = LoopBarrier::Arrival(barrier)] {});
  if (const auto missing = barrier->wait(); missing > 0)
    return fail(errors::cannot_listen, "{} of {} loops do not answer", missing, workers.size());
  return {};
}

Result<> Proxy::Parts::serve_metrics() {
  if (options.metrics_listen.empty()) return {};
  auto started = MetricsServer::start(options.metrics_listen, options.control_path);
  if (!started) return fail(std::move(started.error()));
  metrics = std::move(*started);
  return {};
}

void Proxy::Parts::note_handed_over() {
  is_handed_over = true;
  const std::uint64_t one = 1;
  static_cast<void>(::write(handed_over.get(), &one, sizeof one));
}

// Accepts connections once the proxy before this one, if there is one, accepts no more.
Result<> Proxy::Parts::take_place(Takeover* takeover) {
  auto listener = takeover != nullptr ? Result<files::OwnedFd>(takeover->take_control())
                                      : Control::open(options.control_path);
  if (!listener) return fail(std::move(listener.error()));
  if (takeover == nullptr) {
    tables->look();
  } else {
    // Visitors of a proxy that serves must not meet one that has nothing to serve.
    if (takeover->table() > 0)
      if (auto loaded = tables->load(); !loaded) return loaded;
    if (auto ready = takeover->ready(); !ready) return ready;
    tables->look();  // it may have put another table in force meanwhile
  }
  if (auto accepting = accept(); !accepting) return accepting;
  has_taken_over = takeover != nullptr;
  Control::Means means{.path = options.control_path,
                       .listener = std::move(*listener),
                       .predecessor = takeover != nullptr ? takeover->serving() : files::OwnedFd(),
                       .on_handed_over = [this] { note_handed_over(); }};
  control =
      std::make_unique<Control>(std::move(means), *tables,
                                Succession::Means{.workers = workers,
                                                  .listening = listening,
                                                  .tickets = tickets,
                                                  .service = ServiceNotice(options.notify_socket),
                                                  .command = options.successor,
                                                  .is_supervised = options.is_supervised,
                                                  .limit = options.handover_limit});
  return {};
}

Proxy::Proxy(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Proxy>> Proxy::begin(Options options, Takeover* takeover) {
  auto parts = std::make_unique<Parts>(std::move(options));
  auto proxies = parse_networks(parts->options.trusted_proxies);
  if (!proxies) return fail(std::move(proxies.error()));
  auto introducers = parse_networks(parts->options.proxy_protocol_from);
  if (!introducers) return fail(std::move(introducers.error()));
  parts->trust = {.proxies = std::move(*proxies), .introducers = std::move(*introducers)};
  parts->ask_kernel();
  parts->make_workers();
  if (takeover != nullptr) parts->tickets.adopt(takeover->tickets());
  if (auto opened = parts->open_listeners(takeover); !opened)
    return fail(std::move(opened.error()));
  parts->open_access_log();
  parts->tables = std::make_unique<TableHolder>(
      parts->options.table_path, parts->workers,
      TableHolder::Told{.access_log = parts->access_log.get(), .kernel_tls = parts->kernel_tls});
  parts->start_threads();
  std::unique_ptr<Proxy> proxy(new Proxy(std::move(parts)));
  if (auto serving = proxy->parts_->serve_metrics(); !serving)
    return fail(std::move(serving.error()));
  if (auto taken = proxy->parts_->take_place(takeover); !taken)
    return fail(std::move(taken.error()));
  return proxy;
}

Result<std::unique_ptr<Proxy>> Proxy::start(Options options) {
  ::signal(SIGPIPE, SIG_IGN);  // sendfile has no flag against it
  raise_file_limit();
  if (!options.take_over) return begin(std::move(options), nullptr);
  auto takeover = Takeover::begin(options.control_path, options.handover_limit);
  if (!takeover) return fail(std::move(takeover.error()));
  if (!*takeover) return begin(std::move(options), nullptr);
  auto begun = begin(std::move(options), &**takeover);
  if (!begun) (*takeover)->give_up(begun.error().detail());
  return begun;
}

Proxy::~Proxy() {
  stop_now();
  stop();
}

const std::vector<std::string>& Proxy::addresses() const { return parts_->addresses; }
const std::vector<std::string>& Proxy::tls_addresses() const { return parts_->tls_addresses; }

void Proxy::reload() { parts_->control->reload(); }
void Proxy::note_no_successor() { parts_->control->note_no_successor(); }
int Proxy::handed_over_event() const { return parts_->handed_over.get(); }
bool Proxy::is_handed_over() const { return parts_->is_handed_over; }
bool Proxy::has_taken_over() const { return parts_->has_taken_over; }

// Whoever is asked what is in flight asks on along the row of those before: it must not break.
bool Proxy::Parts::wait_for_end(std::unique_lock<std::mutex>& lock) {
  constexpr std::chrono::milliseconds pause{50};
  const auto end = std::chrono::steady_clock::now() + options.drain_limit;
  for (;;) {
    const bool is_asked = is_handed_over && control->has_predecessors() && !hurries;
    if (running == 0 && !is_asked) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) return running == 0;
    changed.wait_until(lock, is_asked ? std::min(now + pause, end) : end);
  }
}

std::string Proxy::metrics_address() const {
  return parts_->metrics == nullptr ? std::string() : parts_->metrics->address();
}

void Proxy::stop() {
  auto& parts = *parts_;
  const bool handed_over = parts.control != nullptr && parts.control->keep_place();
  const auto& limits = parts.options.limits;
  parts.metrics.reset();
  {
    std::unique_lock lock(parts.mutex);
    if (parts.joined) return;
    if (!std::exchange(parts.stopping, true))
      for (const auto& worker : parts.workers)
        worker->post_drain(handed_over ? limits.idle_at_handover : limits.idle_at_stop);
    if (!parts.wait_for_end(lock)) {
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
  parts_->hurries = true;
  for (const auto& worker : parts_->workers) worker->post_stop();
}

}  // namespace temps::proxy
