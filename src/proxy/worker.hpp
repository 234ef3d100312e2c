// One loop with everything it owns: client connections, its view of the route table, counters.
// Nothing but the counters and the posting functions is touched by other threads.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http1/http1.hpp"
#include "proxy/block_pool.hpp"
#include "proxy/caller.hpp"
#include "proxy/http2_head.hpp"
#include "proxy/listener.hpp"
#include "proxy/proxy.hpp"
#include "proxy/reactor.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/splice_pipe.hpp"
#include "proxy/tls_context.hpp"
#include "proxy/trace_context.hpp"
#include "proxy/traffic.hpp"
#include "proxy/waiting_room.hpp"

namespace temps::proxy {

class AccessBuffer;
class AccessLog;
class CompressedFiles;
class Connection;
class Forward;
struct Work;

// A loop's own handle on the table, so that counting users touches no memory that loops share.
struct LoopTable {
  std::shared_ptr<const Snapshot> snapshot;
};

using RequestId = std::array<char, 32>;

class Worker final : private CertificateSource {
 public:
  struct Tls {
    TicketKeys& tickets;
    Encryptor encryptor;
  };
  Worker(std::size_t index, const Limits& limits, const Trust& trust, Tls tls);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void run() { reactor.run(); }
  // Takes the listening socket over. Nothing is accepted before post_accept(). What waits at a
  // socket that is no longer wanted is served, and the socket closed.
  enum class Wanted : std::uint8_t { yes, no };
  void listen_on(int fd, Encryption encryption, Wanted wanted = Wanted::yes);
  // What is answered is logged there; before the loop runs. The log outlives this.
  void log_to(AccessLog& log);

  // From other threads. `done` is called on the loop.
  void post_table(std::shared_ptr<const Snapshot> snapshot, std::move_only_function<void()> done);
  void post_accept(std::move_only_function<void()> done);
  void post_pause(std::move_only_function<void()> done);
  // Idle connections may send one more request within `idle_grace`.
  void post_drain(milliseconds idle_grace);
  void post_stop();

  // For connections.
  void adopt(std::unique_ptr<Connection> connection);
  void remove(Connection& connection);
  // `successor` has the descriptor of `old` from now on; `old` ends. False when the kernel refuses,
  // with both as they were.
  bool take_over(Connection& old, std::unique_ptr<Connection> successor, int fd);
  [[nodiscard]] TlsContext& tls_context() { return tls_context_; }
  [[nodiscard]] TlsBuffers& tls_buffers() { return tls_buffers_; }
  std::unique_ptr<Forward> take_forward();
  void give_back(std::unique_ptr<Forward> forward);
  std::unique_ptr<Work> take_work();
  void give_back(std::unique_ptr<Work> work);
  std::unique_ptr<Http2Head> take_http2_head();
  void give_back(std::unique_ptr<Http2Head> head);
  std::unique_ptr<SplicePipe> take_pipe();
  void give_back(std::unique_ptr<SplicePipe> pipe);
  RequestId make_request_id();
  TraceParent make_trace(std::string_view request_id);
  [[nodiscard]] bool is_draining() const { return draining_; }
  // How long a connection may be idle before it is closed.
  [[nodiscard]] milliseconds idle_limit() const {
    return draining_ ? idle_grace_ : limits.keep_alive;
  }

  const std::size_t index;
  const Limits limits;
  const Trust& trust;
  std::uint16_t tls_port = 0;             // of the TLS listener; set before the loop runs
  CompressedFiles* compressed = nullptr;  // of all loops; set before the loop runs
  // What uses these to its end comes after them.
  BlockPool blocks;
  ByteStore bytes;
  Reactor reactor;
  WaitingRoom waiting_room{reactor};
  std::shared_ptr<const LoopTable> table;  // without a snapshot until the first is posted
  http1::RequestParser parser;             // for heads that arrive in one piece
  std::string head_out;                    // where heads are written before they are sent
  std::string coded_out;                   // where bodies are compressed before they are sent
  static constexpr std::size_t frames_out_bytes = 48UL * 1024;
  std::string frames_out;   // where frames are put together before they are sent
  TimePoint may_warn_at{};  // of refused connections: not a line for each
  Counter connections;
  Counter requests;  // begun
  RecentRate recent;
  Traffic answers;                       // to the last byte
  std::unique_ptr<AccessBuffer> access;  // nothing where there is no access log

 private:
  void use(std::shared_ptr<const Snapshot> snapshot);
  void begin_drain();
  void accept();
  void close_all();

  [[nodiscard]] const CertificateStore* certificates() const override;

  TlsContext tls_context_;
  TlsBuffers tls_buffers_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<Listener>> unwanted_;
  Connection* connections_ = nullptr;
  std::vector<std::unique_ptr<Forward>> spare_forwards_;
  std::vector<std::unique_ptr<Work>> spare_works_;
  std::vector<std::unique_ptr<Http2Head>> spare_heads_;
  std::vector<std::unique_ptr<SplicePipe>> spare_pipes_;
  std::uint64_t id_prefix_;
  std::uint64_t id_count_;
  bool draining_ = false;
  milliseconds idle_grace_{0};
};

}  // namespace temps::proxy
