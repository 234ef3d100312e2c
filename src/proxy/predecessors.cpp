#include "proxy/predecessors.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/log.hpp"
#include "proxy/errors.hpp"

namespace temps::proxy {
namespace {

// Less than the control plane waits for us.
constexpr timeval answer_time{.tv_sec = 4, .tv_usec = 0};
constexpr std::size_t reply_bytes_max = 4UL << 20U;

}  // namespace

void Predecessors::add(files::OwnedFd connection) {
  const int fd = connection.get();
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &answer_time, sizeof answer_time);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &answer_time, sizeof answer_time);
  links_.push_back({.connection = std::move(connection)});
  count_ = links_.size();
}

void Predecessors::add_to(std::vector<pollfd>& polls) const {
  for (const auto& link : links_)
    // Late replies wait until the next question.
    polls.push_back({link.connection.get(), static_cast<short>(link.owed == 0 ? POLLIN : 0), 0});
}

void Predecessors::look() {
  std::erase_if(links_, [](const Link& link) {
    char byte = 0;
    const auto got = ::recv(link.connection.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  });
  count_ = links_.size();
}

Predecessors::Asked Predecessors::ask(Link& link, const routing::ControlRequest& request,
                                      routing::ControlReply& reply) {
  const auto text = routing::encode_control(request);
  const int fd = link.connection.get();
  if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
    return errno == EAGAIN ? Asked::late : Asked::gone;
  ++link.owed;
  while (link.owed > 0) {
    const auto end = link.input.find('\n');
    if (end != std::string::npos) {
      auto decoded = routing::decode_control_reply(std::string_view(link.input).substr(0, end));
      link.input.erase(0, end + 1);
      if (--link.owed > 0) continue;
      if (!decoded) return Asked::late;
      reply = std::move(*decoded);
      return Asked::answered;
    }
    std::array<char, 4096> bytes{};
    const auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return Asked::late;
    if (got <= 0 || link.input.size() > reply_bytes_max) return Asked::gone;
    link.input.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return Asked::late;
}

Result<> Predecessors::add_loads(routing::ControlReply& reply) {
  bool all_answered = true;
  for (auto& link : links_) {
    routing::ControlReply other;
    const auto asked = ask(link, {.status = true}, other);
    if (asked == Asked::late || !other.error.empty()) all_answered = false;
    if (asked != Asked::answered) continue;
    reply.connections += other.connections;
    for (auto& load : other.upstreams) {
      const auto found = std::ranges::find(reply.upstreams, load.id, &routing::UpstreamLoad::id);
      if (found == reply.upstreams.end()) {
        reply.upstreams.push_back(std::move(load));
      } else {
        found->in_flight += load.in_flight;
      }
    }
  }
  if (all_answered) return {};
  return fail(errors::not_in_force, "the proxy before this one does not say what it has in flight");
}

void Predecessors::load(std::int64_t version) {
  for (auto& link : links_) {
    routing::ControlReply other;
    const auto asked = ask(link, {.load = version}, other);
    if (asked == Asked::late || !other.error.empty())
      log::warning("the proxy before this one serves its last requests from an older table",
                   {{"reason", other.error.empty() ? "it does not answer" : other.error}});
  }
}

}  // namespace temps::proxy
