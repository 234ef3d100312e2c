// Upstreams as the loops see them: where they are, what is in flight, and idle connections to them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "proxy/address.hpp"
#include "proxy/reactor.hpp"
#include "proxy/traffic.hpp"
#include "proxy/transport.hpp"
#include "proxy/upstream_health.hpp"

namespace temps::proxy {

class Http2Upstream;
class UpstreamConnection;
class UpstreamProbe;

// One loop's part of an upstream; only what is counted is read by others.
struct alignas(64) LoopShare {
  LoopShare();
  ~LoopShare();
  Counter in_flight;
  Traffic answers;            // to the first byte
  Counter failures;           // no answer came
  bool in_table = false;      // of the table that this loop uses; if not, nothing is pooled
  TimePoint avoid_until{};    // after a connection failed
  std::uint32_t waiting = 0;  // requests, for this upstream to take connections
  // Of a release, or of all upstreams of a route, that begin with this one (UpstreamChoice).
  std::int64_t credit = 0;
  unsigned rotation = 0;  // whose turn it is among equally loaded ones
  TimePoint warned_until{};
  std::vector<std::unique_ptr<UpstreamConnection>> idle;
  std::vector<std::unique_ptr<Http2Upstream>> multiplexed;
  std::unique_ptr<UpstreamProbe> probe;  // in the table only
};

// What is asked for to see whether an upstream answers; no path: nothing is.
struct UpstreamCheck {
  std::string host{};
  std::string path{};
};

// One id at one address. Lives on while requests use it, whatever the table says.
class Upstream {
 public:
  Upstream(std::string name, Address where, std::size_t loops, UpstreamCheck how_to_check = {})
      : id(std::move(name)), address(where), check(std::move(how_to_check)), shares_(loops) {}
  const std::string id;
  const Address address;
  const UpstreamCheck check;
  UpstreamHealth health;

  [[nodiscard]] LoopShare& share(std::size_t loop) { return shares_[loop]; }
  // Of all loops.
  [[nodiscard]] std::int64_t in_flight() const;
  void add_to(routing::UpstreamLoad& sum) const;

 private:
  std::vector<LoopShare> shares_;
};

// Counts one request or tunnel as in flight for as long as it lives.
class Lease {
 public:
  Lease() = default;
  Lease(std::shared_ptr<Upstream> upstream, std::size_t loop);
  Lease(Lease&& other) noexcept : upstream_(std::move(other.upstream_)), share_(other.share_) {}
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { end(); }
  void end();
  [[nodiscard]] Upstream& upstream() const { return *upstream_; }
  [[nodiscard]] const std::shared_ptr<Upstream>& shared() const { return upstream_; }
  [[nodiscard]] LoopShare& share() const { return *share_; }
  explicit operator bool() const { return upstream_ != nullptr; }

 private:
  std::shared_ptr<Upstream> upstream_;
  LoopShare* share_ = nullptr;
};

// What uses an upstream connection at present.
class UpstreamUser {
 public:
  virtual void on_upstream_events() = 0;

 protected:
  ~UpstreamUser() = default;
};

// A connection to an upstream: in use by one request or tunnel, or idle in its share.
class UpstreamConnection final : public EventTarget, private Timer {
 public:
  // Starts connecting. Nothing, with errno set, when that fails at once.
  static std::unique_ptr<UpstreamConnection> connect(Reactor& reactor, const Upstream& upstream);

  // An idle connection of the share that is still alive as far as one can know, or nothing.
  // `probe` asks the kernel, too, for requests that must not be sent twice.
  enum class Check : std::uint8_t { events, probe };
  static std::unique_ptr<UpstreamConnection> take_idle(LoopShare& share, Reactor& reactor,
                                                       Check check);
  // Puts it into the share for at most `idle_limit`.
  struct Pooling {
    std::size_t idle_max;
    milliseconds idle_limit;
  };
  static void give_back(std::unique_ptr<UpstreamConnection> connection, LoopShare& share,
                        Pooling pooling);

  void on_events(std::uint32_t events) override;
  void set_user(UpstreamUser* user) { user_ = user; }

  Transport transport;
  Outbox output;
  bool connecting = true;
  bool connect_failed = false;
  bool reused = false;

  UpstreamConnection(Reactor& reactor, int fd) : transport(fd), reactor_(reactor) {}

 private:
  void on_time() override { leave_pool(); }
  void leave_pool();

  Reactor& reactor_;
  UpstreamUser* user_ = nullptr;
  LoopShare* pooled_in_ = nullptr;
};

}  // namespace temps::proxy
