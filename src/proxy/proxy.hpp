// The data plane: takes requests from the network and answers them from apps, from static trees or
// with a page that says what is wrong. It knows nothing but the route table (routing/table.hpp) and
// goes on serving while everything else is down.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace temps::proxy {

struct Limits {
  std::chrono::milliseconds header{10'000};       // first to last byte of a request head
  std::chrono::milliseconds keep_alive{75'000};   // between requests
  std::chrono::milliseconds connect{5'000};       // to an upstream
  std::chrono::milliseconds first_byte{60'000};   // from the end of the request to the response
  std::chrono::milliseconds upload_idle{60'000};  // without a byte of a request body
  std::chrono::milliseconds send_idle{120'000};   // a client that takes no byte of its response
  std::chrono::milliseconds half_closed{10'000};  // a client that has said it sends no more
  std::chrono::milliseconds tunnel_idle{3'600'000};
  // Shorter than the 2 to 5 s after which common servers close idle connections, so that requests
  // rarely meet a connection that is just being closed.
  std::chrono::milliseconds upstream_idle{1'500};
  std::uint64_t body_bytes = 100'000'000;  // of a request to an app; the console has limits itself
  std::size_t head_bytes = 32UL * 1024;
  // Pooled connections, per loop: as many requests as are usually under way at once.
  std::size_t idle_per_upstream = 512;
};

struct AccessLogOptions {
  double share = 0;            // of requests: 0 none, 1 all
  std::string spool_folder{};  // for the control plane to load; empty: none
  std::uint64_t spool_bytes_max = 512ULL << 20U;
  std::string file{};  // of JSON lines; empty: none
};

struct Options {
  std::vector<std::string> listen;        // "127.0.0.1:8080", "[::]:80", ":80" (all addresses)
  std::vector<std::string> listen_tls{};  // the same for TLS
  std::string table_path;
  std::string control_path;  // of the unix socket; empty: none
  unsigned threads = 0;      // loops; 0: one per core
  std::chrono::seconds drain_limit{30};
  Limits limits{};
  AccessLogOptions access_log{};
};

// A running proxy. Its threads live as long as the object.
class Proxy {
 public:
  // Fails with `proxy.bad_address`, `proxy.address_in_use`, `proxy.cannot_listen`. A table file
  // that is missing or broken is no failure: until it is there, every request gets a 503 page.
  static Result<std::unique_ptr<Proxy>> start(Options options);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // What is listened on, with the real port where port 0 was asked for.
  [[nodiscard]] const std::vector<std::string>& addresses() const;
  [[nodiscard]] const std::vector<std::string>& tls_addresses() const;
  // Closes the listeners, lets requests in flight finish for at most `drain_limit`, ends the
  // threads. Idempotent.
  void stop();
  // Does not wait for requests in flight; also ends a stop() that another thread is waiting in.
  void stop_now();

 private:
  struct Parts;
  explicit Proxy(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Serves until SIGTERM or SIGINT, then stops gracefully; a second signal stops at once.
Result<> run(const Options& options);

}  // namespace temps::proxy
