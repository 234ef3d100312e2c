// Gateway: tells the data plane what to serve. Writes the route table and knows when it is in
// force.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "net/loop.hpp"
#include "routing/table.hpp"

namespace temps::gateway {

struct Options {
  std::filesystem::path table;    // the file that the proxy serves from
  std::filesystem::path control;  // the proxy's unix socket
  routing::Upstream console;
  std::vector<std::string> console_hosts;
  // That of them where plain HTTP is sent to https once a certificate covers it; may be empty.
  std::string https_console_host{};
  std::uint16_t https_port = 0;  // for redirects from http; 0: that of the proxy's TLS listener
};

enum class Reach : std::uint8_t {
  in_force,   // every loop of the proxy uses the new table
  proxy_away  // the file is written; the proxy takes it when it starts
};

class Gateway {
 public:
  Gateway(net::Loop& loop, const Options& options) : loop_(loop), options_(options) {}

  // Each replaces one part of the table; the others stay as they were published last, at first as
  // they are in the file. A route's wish for https is followed once a certificate covers its host.
  // Fail when the table cannot be written, when the proxy refuses it (`gateway.refused`), or when
  // it runs and does not answer (`gateway.no_answer`): it may take the table later. That part
  // counts as not published then.
  Task<Reach> publish(std::vector<routing::Route> routes);
  Task<Reach> publish_certificates(std::vector<routing::Certificate> certificates);
  Task<Reach> publish_challenges(std::vector<routing::Challenge> challenges);

  // To be set in phase two: told after each change of the routes.
  void watch_with(std::function<void()> watcher) { watcher_ = std::move(watcher); }

  // What was published last; of parts that this process has not published, what another left in the
  // file.
  Task<routing::Table> present();

  // Requests and upgraded connections that the proxy has open to an upstream: 0 when the proxy is
  // away, nothing when it does not answer.
  Task<std::optional<std::int64_t>> in_flight(std::string upstream);
  // What the upstream has answered since the proxy started; nothing when the proxy is away, does
  // not answer or does not know it.
  Task<std::optional<routing::UpstreamLoad>> load_of(std::string upstream);
  // All that it tells of its work. Fails with `gateway.no_answer`, also when it is away.
  Task<routing::ControlReply> report();

 private:
  routing::Table& wanted();
  template <class Part>
  Task<Reach> replace(Part routing::Table::* part, Part value);
  Task<Reach> put_in_force();
  Task<routing::ControlReply> ask(routing::ControlRequest request);

  net::Loop& loop_;
  const Options& options_;
  Mutex mutex_;  // one table at a time, in order
  std::optional<routing::Table> wanted_;
  std::function<void()> watcher_;
};

namespace errors {
inline constexpr ErrorCode refused{"gateway.refused", ErrorKind::internal,
                                   "The proxy refused the route table"};
inline constexpr ErrorCode no_answer{"gateway.no_answer", ErrorKind::unavailable,
                                     "The proxy does not answer"};
}  // namespace errors

}  // namespace temps::gateway
