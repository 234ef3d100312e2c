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

class Takeover;

struct Limits {
  std::chrono::milliseconds header{10'000};      // first to last byte of a request head
  std::chrono::milliseconds keep_alive{75'000};  // between requests
  // Idle connections of a proxy that ends may send one more request: long enough for one that was
  // on its way, or, where nobody waits for the end, for most clients to come back.
  std::chrono::milliseconds idle_at_stop{1'000};
  std::chrono::milliseconds idle_at_handover{10'000};
  std::chrono::milliseconds connect{5'000};        // to an upstream
  std::chrono::milliseconds console_wait{10'000};  // for a console that takes no connections
  std::chrono::milliseconds first_byte{60'000};    // from the end of the request to the response
  std::chrono::milliseconds upload_idle{60'000};   // without a byte of a request body
  std::chrono::milliseconds send_idle{120'000};    // a client that takes no byte of its response
  // What a client gives or takes at least, on the average of these times; 0: any byte is enough.
  std::uint64_t client_bytes_per_second = 128;
  std::chrono::milliseconds half_closed{10'000};  // a client that has said it sends no more
  std::chrono::milliseconds tunnel_idle{3'600'000};
  // Shorter than the 2 to 5 s after which common servers close idle connections, so that requests
  // rarely meet a connection that is just being closed.
  std::chrono::milliseconds upstream_idle{1'500};
  std::chrono::milliseconds upstream_http2_idle{30'000};  // which says that it closes
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
  // Networks, as Networks::add() knows them. What these say about their clients is believed
  // (X-Forwarded-For and the like) …
  std::vector<std::string> trusted_proxies{};
  // … and these begin each connection with the PROXY protocol, and no others do.
  std::vector<std::string> proxy_protocol_from{};
  std::string metrics_listen{};  // Prometheus text, on a loopback address; empty: nowhere
  Limits limits{};
  AccessLogOptions access_log{};
  // Has the kernel encrypt what TLS connections send, where it offers that.
  bool kernel_tls = true;
  // Takes the place of the proxy that answers on the control socket, where one does, with all that
  // it listens on (handover.hpp).
  bool take_over = false;
  // The command that starts the process which takes this one's place, for reload(). The first word
  // is a path.
  std::vector<std::string> successor{};
  // The parent starts that process, when it gets SIGHUP, and says by SIGUSR2 that nothing comes of
  // it; a line on standard output says that this one serves.
  bool is_supervised = false;
  std::string notify_socket{};  // of the service manager (sd_notify(3)); empty: there is none
  std::chrono::milliseconds handover_limit{30'000};  // for each step of the new process
};

// A running proxy. Its threads live as long as the object.
class Proxy {
 public:
  // Fails with `proxy.bad_address`, `proxy.bad_network`, `proxy.address_in_use`,
  // `proxy.cannot_listen`. A table file that is missing or broken is no failure: until it is there,
  // every request gets a 503 page.
  // When another proxy's place is taken, that is one, if that proxy has a table; it fails with
  // `proxy.no_handover`, too, and the other goes on as if nothing had been.
  static Result<std::unique_ptr<Proxy>> start(Options options);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // What is listened on, with the real port where port 0 was asked for.
  [[nodiscard]] const std::vector<std::string>& addresses() const;
  [[nodiscard]] const std::vector<std::string>& tls_addresses() const;
  // Where the metrics are; empty: nowhere.
  [[nodiscard]] std::string metrics_address() const;
  // Has a new process take this one's place, and returns at once. What comes of it is in the log.
  void reload();
  // The supervisor could not start one.
  void note_no_successor();
  // Becomes readable when another process serves in this one's place: stop() is what is left.
  [[nodiscard]] int handed_over_event() const;
  [[nodiscard]] bool is_handed_over() const;
  // Has it taken another's place?
  [[nodiscard]] bool has_taken_over() const;
  // Closes the listeners, lets requests in flight finish for at most `drain_limit`, ends the
  // threads. Idempotent.
  void stop();
  // Does not wait for requests in flight; also ends a stop() that another thread is waiting in.
  void stop_now();

 private:
  struct Parts;
  static Result<std::unique_ptr<Proxy>> begin(Options options, Takeover* takeover);
  explicit Proxy(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Serves until SIGTERM or SIGINT, then stops gracefully; a second signal stops at once. SIGHUP:
// reload(). Ends, too, when another process has taken over and nothing is in flight any more.
Result<> run(const Options& options);

// Asks the proxy that answers on the control socket to reload, and returns when the new process
// serves. Fails with `proxy.not_reloaded`.
Result<> ask_reload(const std::string& control_path);

}  // namespace temps::proxy
