#include "proxy/control.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "core/log.hpp"
#include "proxy/address.hpp"
#include "proxy/errors.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t line_bytes_max = 64UL * 1024;
constexpr std::size_t sessions_max = 64;
constexpr int look_milliseconds = 1000;

// A socket file that nobody listens on is what a killed proxy has left.
Result<> remove_stale(const std::string& path, const Address& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers = probe >= 0 && ::connect(probe, address.get(), address.length) == 0;
  if (probe >= 0) ::close(probe);
  if (answers)
    return fail(errors::address_in_use,
                "another proxy answers on {}. Stop it first, or use another data folder", path);
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
  return {};
}

Result<int> open_socket(const std::string& path) {
  auto address = parse_address("unix:" + path);
  if (!address) return fail(std::move(address.error()));
  if (auto removed = remove_stale(path, *address); !removed)
    return fail(std::move(removed.error()));
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  // Only the owner may steer the proxy; the mode is there before anyone can connect.
  ::fchmod(fd, 0600);
  if (::bind(fd, address->get(), address->length) != 0 || ::chmod(path.c_str(), 0600) != 0 ||
      ::listen(fd, 16) != 0) {
    const int code = errno;
    ::close(fd);
    return fail(errors::cannot_listen, "cannot make the control socket {}: {}", path,
                std::strerror(code));
  }
  return fd;
}

}  // namespace

Result<std::unique_ptr<Control>> Control::start(const std::string& path, TableHolder& tables) {
  int listener = -1;
  if (!path.empty()) {
    auto opened = open_socket(path);
    if (!opened) return fail(std::move(opened.error()));
    listener = *opened;
  }
  tables.look();
  return std::unique_ptr<Control>(new Control(tables, path, listener));
}

Control::Control(TableHolder& tables, std::string path, int listener)
    : tables_(tables),
      path_(std::move(path)),
      listener_(listener),
      stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

Control::~Control() {
  const std::uint64_t one = 1;
  static_cast<void>(::write(stop_event_, &one, sizeof one));
  thread_.join();
  for (const auto& session : sessions_) ::close(session->fd);
  if (listener_ >= 0) {
    ::close(listener_);
    ::unlink(path_.c_str());
  }
  ::close(stop_event_);
}

void Control::run() {
  auto last_look = std::chrono::steady_clock::now();
  for (;;) {
    std::vector<pollfd> polls{{stop_event_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& session : sessions_) {
      const short wanted = session->output.empty() ? POLLIN : POLLOUT;
      polls.push_back({session->fd, wanted, 0});
    }
    ::poll(polls.data(), polls.size(), look_milliseconds);
    if (polls[0].revents != 0) return;
    std::vector<std::unique_ptr<Session>> kept;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      auto& session = sessions_[i];
      if (polls[i + 2].revents != 0 && serve(*session) == Keep::close) {
        ::close(session->fd);
      } else {
        kept.push_back(std::move(session));
      }
    }
    sessions_ = std::move(kept);
    if (polls[1].revents != 0) accept_session();
    const auto now = std::chrono::steady_clock::now();
    if (now - last_look >= std::chrono::milliseconds(look_milliseconds)) {
      last_look = now;
      tables_.look();
    }
  }
}

void Control::accept_session() {
  const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  if (sessions_.size() >= sessions_max) {
    ::close(fd);
    return;
  }
  sessions_.push_back(std::make_unique<Session>(Session{.fd = fd}));
}

Control::Keep Control::serve(Session& session) {
  if (session.output.empty()) {
    std::array<char, 4096> bytes;
    const auto got = ::recv(session.fd, bytes.data(), bytes.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? Keep::open : Keep::close;
    if (got == 0) return Keep::close;
    session.input.append(bytes.data(), static_cast<std::size_t>(got));
    answer_lines(session);
    if (session.input.size() > line_bytes_max) return Keep::close;
  }
  while (!session.output.empty()) {
    const auto sent =
        ::send(session.fd, session.output.data(), session.output.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN ? Keep::open : Keep::close;
    session.output.erase(0, static_cast<std::size_t>(sent));
  }
  return Keep::open;
}

void Control::answer_lines(Session& session) {
  for (;;) {
    const auto end = session.input.find('\n');
    if (end == std::string::npos) return;
    session.output += answer(std::string_view(session.input).substr(0, end));
    session.input.erase(0, end + 1);
  }
}

std::string Control::answer(std::string_view line) {
  std::string error;
  auto request = routing::decode_control_request(line);
  if (!request) {
    error = request.error().detail();
  } else if (request->load) {
    if (auto loaded = tables_.load(request->load); !loaded) {
      error = loaded.error().detail();
      log::warning("the route table was not loaded", {{"reason", error}});
    }
  } else if (!request->status && !request->upstream && !request->report) {
    error = "a control message asks for \"load\", \"status\", \"upstream\" or \"report\"";
  }
  auto reply = tables_.status(request.value_or(routing::ControlRequest{}));
  reply.error = std::move(error);
  return routing::encode_control(reply);
}

}  // namespace temps::proxy
