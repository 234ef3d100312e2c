#include "proxy/takeover.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/log.hpp"
#include "proxy/errors.hpp"
#include "routing/table.hpp"

namespace temps::proxy {
namespace {

Result<files::OwnedFd> connect(const std::string& path, std::chrono::milliseconds limit) {
  auto address = parse_address("unix:" + path);
  if (!address) return fail(std::move(address.error()));
  files::OwnedFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  const timeval wait{.tv_sec = seconds.count(),
                     .tv_usec = std::chrono::microseconds(limit - seconds).count()};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  if (::connect(fd.get(), address->get(), address->length) == 0) return fd;
  if (errno == ENOENT || errno == ECONNREFUSED) return files::OwnedFd();
  return fail(errors::no_handover, "the proxy that answers on {} cannot be reached: {}", path,
              std::strerror(errno));
}

bool same(const Address& one, const Address& other) { return to_text(one) == to_text(other); }

}  // namespace

Result<std::optional<Takeover>> Takeover::begin(const std::string& control_path,
                                                std::chrono::milliseconds limit) {
  auto connection = connect(control_path, limit);
  if (!connection) return fail(std::move(connection.error()));
  if (!connection->is_open()) return std::optional<Takeover>();
  Takeover takeover;
  takeover.connection_ = std::move(*connection);
  if (auto received = takeover.receive_offer(); !received) return fail(std::move(received.error()));
  return std::optional<Takeover>(std::move(takeover));
}

bool Takeover::send(std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(connection_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Empty at the end of the stream. Empty lines are what sockets travel with.
Result<std::string> Takeover::read_line() {
  for (;;) {
    auto& text = received_.text;
    text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
    const auto end = text.find('\n');
    if (end != std::string::npos) {
      auto line = text.substr(0, end);
      text.erase(0, end + 1);
      return line;
    }
    if (text.size() > handover_line_bytes_max)
      return fail(errors::bad_handover, "the running proxy sends a line without end");
    auto more = receive(connection_.get(), received_, handover_sockets_max);
    if (!more) return fail(std::move(more.error()));
    if (!*more) {
      has_ended_ = true;
      return std::string();
    }
  }
}

Result<> Takeover::receive_offer() {
  if (!send(routing::encode_control(routing::ControlRequest{.handover = handover_version})))
    return fail(errors::no_handover, "the running proxy does not listen to us");
  auto line = read_line();
  if (!line) return fail(std::move(line.error()));
  if (has_ended_) return fail(errors::no_handover, "the running proxy ended the conversation");
  auto offer = decode_offer(*line);
  if (!offer) return fail(std::move(offer.error()));
  if (!offer->error.empty())
    return fail(errors::no_handover, "the running proxy does not hand over: {}", offer->error);
  if (offer->handover != handover_version)
    return fail(errors::no_handover,
                "the running proxy hands over in version {} and this one takes over in version {}; "
                "stop that one first",
                offer->handover, handover_version);
  if (received_.sockets.size() != offer->sockets())
    return fail(errors::bad_handover, "{} sockets were announced and {} came", offer->sockets(),
                received_.sockets.size());
  auto next = received_.sockets.begin();
  for (const auto& offered : offer->listeners) {
    auto address = parse_address(offered.address);
    if (!address) return fail(std::move(address.error()));
    Listener listener{offered.asked, *address, offered.tls, {}};
    for (std::uint32_t i = 0; i < offered.count; ++i)
      listener.sockets.push_back(std::move(*next++));
    ports_.push_back(port_of(*address));
    listeners_.push_back(std::move(listener));
  }
  control_ = std::move(*next);
  received_.sockets.clear();
  tickets_ = std::move(offer->tickets);
  table_ = offer->table;
  return {};
}

std::optional<Takeover::Listener> Takeover::take(const std::string& asked, const Address& address) {
  auto found = std::ranges::find(listeners_, asked, &Listener::asked);
  if (found == listeners_.end())
    found = std::ranges::find_if(
        listeners_, [&](const Listener& listener) { return same(listener.address, address); });
  if (found == listeners_.end()) return std::nullopt;
  std::optional<Listener> taken(std::move(*found));
  listeners_.erase(found);
  return taken;
}

bool Takeover::has_port(std::uint16_t port) const {
  return std::ranges::find(ports_, port) != ports_.end();
}

std::vector<Takeover::Listener> Takeover::take_rest() { return std::exchange(listeners_, {}); }

Result<> Takeover::ready() {
  // What it said before it closed the connection is still to be read.
  send(encode(HandoverStep{.step = HandoverStep::Kind::ready}));
  auto line = read_line();
  if (!line) return fail(std::move(line.error()));
  if (has_ended_) {
    // It would have said why. What it listened on is ours alone now.
    log::warning("the proxy before this one is gone; its sockets are served from here on");
    return {};
  }
  auto step = decode_step(*line);
  if (!step) return fail(std::move(step.error()));
  if (step->step != HandoverStep::Kind::yours)
    return fail(errors::no_handover, "the running proxy keeps its sockets: {}", step->error);
  return {};
}

files::OwnedFd Takeover::serving() {
  send(encode(HandoverStep{.step = HandoverStep::Kind::serving}));
  return std::move(connection_);
}

void Takeover::give_up(std::string_view reason) {
  send(encode(HandoverStep{.step = HandoverStep::Kind::failed, .error = std::string(reason)}));
  connection_.reset();
}

}  // namespace temps::proxy
