// Bytes both ways after an upgrade (WebSocket and others), until both sides have closed.
#pragma once
#include <cstdint>
#include <memory>

#include "proxy/exchange.hpp"
#include "proxy/upstream.hpp"

namespace temps::proxy {

class Tunnel final : public Responder, public UpstreamUser {
 public:
  Tunnel(Exchange& client, std::unique_ptr<UpstreamConnection> upstream, Lease lease);
  ~Tunnel() override;
  void advance() override;
  void on_deadline() override { client_.abort(); }
  void on_upstream_events() override { client_.proceed(); }

 private:
  enum class Step : std::uint8_t { idle, progress, failed };
  Step pump_up();
  Step pump_down();

  Exchange& client_;
  std::unique_ptr<UpstreamConnection> upstream_;
  Lease lease_;  // the tunnel counts as in flight
  bool client_done_ = false;
  bool upstream_done_ = false;
};

}  // namespace temps::proxy
