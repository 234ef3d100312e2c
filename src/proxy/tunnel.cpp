#include "proxy/tunnel.hpp"

#include <utility>

#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr int rounds_per_turn = 8;

}  // namespace

Tunnel::Tunnel(ClientConnection& client, std::unique_ptr<UpstreamConnection> upstream, Lease lease)
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
    if (down == Step::failed || (client_done_ && upstream_done_ && client_.output().empty())) {
      client_.abort();
      return;
    }
    const auto& limits = client_.worker().limits;
    if (client_.output().empty())
      client_.set_deadline(client_done_ || upstream_done_ ? limits.half_closed
                                                          : limits.tunnel_idle);
    if (up == Step::idle && down == Step::idle) return;
  }
  client_.worker().reactor.soon(client_);
}

Tunnel::Step Tunnel::pump_up() {
  auto& output = upstream_->output;
  if (output.flush(upstream_->transport) == Io::failed) return Step::failed;
  if (client_done_ || !output.empty()) return Step::idle;
  auto& input = client_.input();
  if (!input.empty()) {
    if (output.send(upstream_->transport, input.view()) == Io::failed) return Step::failed;
    input.take(input.size());
    return Step::progress;
  }
  if (!client_.transport().is_readable()) return Step::idle;
  const auto scratch = client_.worker().reactor.scratch();
  const auto got = client_.transport().read(scratch);
  if (got.status == Io::would_block) return Step::idle;
  if (got.status == Io::failed) return Step::failed;
  if (got.status == Io::closed) {
    client_done_ = true;
    upstream_->transport.finish_writing();
    return Step::progress;
  }
  const bool failed = output.send(upstream_->transport, {scratch.data(), got.bytes}) == Io::failed;
  return failed ? Step::failed : Step::progress;
}

Tunnel::Step Tunnel::pump_down() {
  if (upstream_done_ || !client_.output().empty() || !upstream_->transport.is_readable())
    return Step::idle;
  const auto scratch = client_.worker().reactor.scratch();
  const auto got = upstream_->transport.read(scratch);
  if (got.status == Io::would_block) return Step::idle;
  if (got.status == Io::failed) return Step::failed;
  if (got.status == Io::closed) {
    upstream_done_ = true;
    client_.transport().finish_writing();
    return Step::progress;
  }
  client_.send(std::string_view(scratch.data(), got.bytes));
  return client_.is_ended() ? Step::failed : Step::progress;
}

}  // namespace temps::proxy
