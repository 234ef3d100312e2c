#include "proxy/idle_load.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "proxy/connection.hpp"
#include "proxy/requests.hpp"

namespace temps::bench {
namespace {

constexpr std::size_t opening_max = 64;
constexpr std::chrono::seconds opening_limit{60};
constexpr int wait_milliseconds = 100;

class IdleLoad {
 public:
  explicit IdleLoad(const Options& options)
      : options_(options),
        requests_(options),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        connections_(options.connections) {
    if (options.is_tls) tls_.emplace(Resumption::off);
  }
  ~IdleLoad() { ::close(epoll_); }
  IdleLoad(const IdleLoad&) = delete;
  IdleLoad& operator=(const IdleLoad&) = delete;

  bool run() {
    const auto limit = Clock::now() + opening_limit;
    while (answered_ + failed_ < connections_.size() && Clock::now() < limit) {
      while (opened_ < connections_.size() && opened_ < answered_ + failed_ + opening_max)
        open(connections_[opened_++]);
      wait();
    }
    fmt::print(R"({{"open": {}, "failures": {}, "first_failure": "{}"}})"
               "\n",
               answered_, failed_, first_failure_);
    std::fflush(stdout);
    const std::chrono::duration<double> hold(options_.seconds);
    for (const auto begin = Clock::now(); Clock::now() - begin < hold;) wait();
    return answered_ == connections_.size();
  }

 private:
  void open(Connection& connection) {
    connection.request = requests_.next();
    connection.host = requests_.host(connection.request);
    if (!connection.open(epoll_, options_.port)) count_failure(connection);
  }

  void count_failure(const Connection& connection) {
    ++failed_;
    if (first_failure_.empty()) first_failure_ = connection.failure();
  }

  void wait() {
    std::array<epoll_event, 512> events;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), wait_milliseconds);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      on_events(*static_cast<Connection*>(event.data.ptr), event.events);
    }
  }

  void on_events(Connection& connection, std::uint32_t events) {
    switch (connection.on_events(events, tls_ ? &*tls_ : nullptr)) {
      case Connection::Event::none:
        return;
      case Connection::Event::ready:
        connection.answer.expect_response();
        if (!connection.send(requests_.text(connection.request), Clock::now()))
          count_failure(connection);
        return;
      case Connection::Event::answered:
        ++answered_;
        return;
      case Connection::Event::failed:
        count_failure(connection);
        return;
    }
  }

  Options options_;
  Requests requests_;
  std::optional<ClientTls> tls_;
  int epoll_;
  std::vector<Connection> connections_;
  std::size_t opened_ = 0;
  std::size_t answered_ = 0;
  std::size_t failed_ = 0;
  std::string first_failure_;
};

}  // namespace

bool run_idle(const Options& options) { return IdleLoad(options).run(); }

}  // namespace temps::bench
