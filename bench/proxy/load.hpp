// Load on a proxy, from one thread: as fast as it answers, or at a fixed rate.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "proxy/client_tls.hpp"
#include "proxy/connection.hpp"
#include "proxy/histogram.hpp"
#include "proxy/options.hpp"
#include "proxy/requests.hpp"

namespace temps::bench {

// From the start, warm-up included, but for the latencies.
struct Totals {
  std::uint64_t answers = 0;   // whole ones; of WebSocket messages those that came back
  std::uint64_t failures = 0;  // connections that broke
  std::uint64_t refusals = 0;  // answers with another status than 2xx
  std::uint64_t connections = 0;
  std::uint64_t resumed = 0;  // of them, TLS sessions that were resumed
  std::uint64_t bytes = 0;    // that came, heads included
  double seconds = 0;         // of the load
  std::string first_failure{};
  Histogram latencies{};
};

class Load {
 public:
  explicit Load(const Options& options);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  Totals run();

 private:
  void open(Connection& connection);
  void on_events(Connection& connection, std::uint32_t events);
  void on_ready(Connection& connection);
  void on_answer(Connection& connection);
  void on_failure(Connection& connection);
  void send_request(Connection& connection, Clock::time_point due);
  void send_message(Connection& connection);
  // Sends what is due at the fixed rate; how long to wait for the next.
  std::chrono::nanoseconds send_due();
  void wait(std::chrono::nanoseconds limit);

  Options options_;
  Requests requests_;
  std::string message_;  // of WebSocket
  std::string echo_;     // what comes back for it
  std::optional<ClientTls> tls_;
  int epoll_;
  std::vector<Connection> connections_;
  std::deque<Connection*> free_;    // open, with nothing to send yet
  std::deque<Connection*> closed_;  // to be opened again
  Clock::time_point begin_{};
  std::optional<Clock::time_point> next_due_;
  bool is_warm_ = false;
  Totals totals_;
};

}  // namespace temps::bench
