#include "proxy/metrics_server.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "core/network.hpp"
#include "http1/http1.hpp"
#include "proxy/address.hpp"
#include "proxy/control_client.hpp"
#include "proxy/errors.hpp"
#include "proxy/listener.hpp"
#include "proxy/metrics.hpp"
#include "routing/table.hpp"

namespace temps::proxy {
namespace {

// One client after the other: none may take long.
constexpr timeval patience{.tv_sec = 2, .tv_usec = 0};
constexpr std::size_t head_bytes_max = 8UL * 1024;
constexpr std::chrono::seconds control_patience{2};

void limit_waiting(int fd) {
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Reads on until `text` has an end or is too long. False at the end of the stream, or of patience.
bool read_more(int fd, std::string& text, std::size_t limit) {
  std::array<char, 16 * 1024> bytes;
  const auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  text.append(bytes.data(), static_cast<std::size_t>(got));
  return text.size() <= limit;
}

std::string reply(int status, std::string_view type, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
      status, http1::reason_phrase(status), type, body.size(), body);
}

std::string plain(int status, std::string_view text) {
  return reply(status, "text/plain; charset=utf-8", text);
}

// A web page elsewhere must not read it through a name of its own that leads here.
bool is_for_this_machine(std::string_view host) {
  return host.empty() || host == "localhost" || is_ip_literal(host);
}

std::string answer(const http1::RequestHead& head, const std::string& control_path) {
  if (!is_for_this_machine(head.host)) return plain(421, "ask for it by address or as localhost\n");
  if (head.path != "/metrics") return plain(404, "the metrics are at /metrics\n");
  if (head.method != http1::Method::get) return plain(405, "GET only\n");
  const auto report =
      ask_control(control_path, {.report = true}, control_patience, errors::no_answer);
  if (!report) return plain(503, "the proxy does not report; try again\n");
  return reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(*report));
}

bool is_loopback(const Address& address) {
  Networks loopback;
  return loopback.add("loopback") && loopback.contains(host_text(address.storage));
}

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const std::string& listen,
                                                            std::string control_path) {
  auto address = parse_address(listen);
  if (!address) return fail(std::move(address.error()));
  if (address->family() == AF_UNIX || !is_loopback(*address))
    return fail(errors::bad_address,
                "metrics_listen is {}, which others can reach, and nobody is asked who they are; "
                "choose an address of this machine alone, such as 127.0.0.1:9145",
                listen);
  auto fd = open_listener(*address);
  if (!fd) return fail(std::move(fd.error()));
  return std::unique_ptr<MetricsServer>(
      new MetricsServer(to_text(*address), std::move(control_path), *fd));
}

MetricsServer::MetricsServer(std::string address, std::string control_path, int listener)
    : address_(std::move(address)),
      control_path_(std::move(control_path)),
      listener_(listener),
      stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

MetricsServer::~MetricsServer() {
  const std::uint64_t one = 1;
  static_cast<void>(::write(stop_event_.get(), &one, sizeof one));
  thread_.join();
}

void MetricsServer::run() {
  for (;;) {
    std::array<pollfd, 2> polls{{{stop_event_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}}};
    if (::poll(polls.data(), polls.size(), -1) < 0) continue;
    if (polls[0].revents != 0) return;
    const files::OwnedFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client.get() >= 0) serve(client.get());
  }
}

void MetricsServer::serve(int client) const {
  limit_waiting(client);
  http1::RequestParser parser(http1::HeadLimits{.head_bytes = head_bytes_max});
  std::string text;
  for (;;) {
    if (!read_more(client, text, head_bytes_max)) return;
    const auto progress = parser.feed(text);
    if (progress == http1::Progress::need_more) continue;
    const auto said = progress == http1::Progress::failed
                          ? plain(parser.failure().status, parser.failure().reason)
                          : answer(parser.head(), control_path_);
    static_cast<void>(send_all(client, said));
    return;
  }
}

}  // namespace temps::proxy
