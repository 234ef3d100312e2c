#include "proxy/tunnel.hpp"

#include <utility>

#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr int rounds_per_turn = 8;

}  // namespace

Tunnel::Tunnel(Exchange& client, std::unique_ptr<UpstreamConnection> upstream, Lease lease)
    : client_(client), upstream_(std::move(upstream)), lease_(std::move(lease)) {
  upstream_->set_user(this);
  client_.set_deadline(client_.worker().limits.tunnel_idle);
}

Tunnel::~Tunnel() {
  upstream_->set_user(nullptr);
  client_.worker().reactor.retire(std::move(upstream_));
}

void Tunnel::advance() {
  for (int round = 0; round < rounds_per_turn; ++round) {
    const auto up = pump_up();
    const auto down = up == Step::failed ? up : pump_down();
    if (down == Step::failed || (client_done_ && upstream_done_ && client_.is_ready())) {
      client_.abort();
      return;
    }
    const auto& limits = client_.worker().limits;
    if (client_.is_ready())
      client_.set_deadline(client_done_ || upstream_done_ ? limits.half_closed
                                                          : limits.tunnel_idle);
    if (up == Step::idle && down == Step::idle) return;
  }
  client_.soon();
}

Tunnel::Step Tunnel::pump_up() {
  auto& output = upstream_->output;
  if (output.flush(upstream_->transport) == Io::failed) return Step::failed;
  if (client_done_ || !output.empty()) return Step::idle;
  Gather gather;
  switch (client_.read_body(gather).status) {
    case BodyPart::Status::wait:
      return Step::idle;
    case BodyPart::Status::refused:
      return Step::failed;
    case BodyPart::Status::gone:
      client_done_ = true;
      upstream_->transport.finish_writing();
      return Step::progress;
    case BodyPart::Status::some:
      break;
  }
  const bool failed = output.send(upstream_->transport, gather.parts()) == Io::failed;
  client_.release_body();
  return failed ? Step::failed : Step::progress;
}

Tunnel::Step Tunnel::pump_down() {
  if (upstream_done_ || !client_.is_ready() || !upstream_->transport.is_readable())
    return Step::idle;
  const auto scratch = client_.worker().reactor.scratch();
  const auto got = upstream_->transport.read(scratch);
  if (got.status == Io::would_block) return Step::idle;
  if (got.status == Io::failed) return Step::failed;
  if (got.status == Io::closed) {
    upstream_done_ = true;
    client_.finish_sending();
    return Step::progress;
  }
  Gather gather(Gather::Framing::room);
  gather.add({scratch.data(), got.bytes});
  client_.send(gather, Last::no);
  return client_.is_ended() ? Step::failed : Step::progress;
}

}  // namespace temps::proxy
