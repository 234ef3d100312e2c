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
// While a successor is awaited.
constexpr int succession_milliseconds = 20;

// A socket file that nobody listens on is what a killed proxy has left.
Result<> remove_stale(const std::string& path, const Address& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers = probe >= 0 && ::connect(probe, address.get(), address.length) == 0;
  if (probe >= 0) ::close(probe);
  if (answers)
    return fail(
        errors::address_in_use,
        "another proxy answers on {}. Stop it first, take its place with --take-over, or use "
        "another data folder",
        path);
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
  return {};
}

}  // namespace

Result<files::OwnedFd> Control::open(const std::string& path) {
  if (path.empty()) return files::OwnedFd();
  auto address = parse_address("unix:" + path);
  if (!address) return fail(std::move(address.error()));
  if (auto removed = remove_stale(path, *address); !removed)
    return fail(std::move(removed.error()));
  files::OwnedFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // Only the owner may steer the proxy; the mode is there before anyone can connect.
  ::fchmod(fd.get(), 0600);
  if (::bind(fd.get(), address->get(), address->length) != 0 || ::chmod(path.c_str(), 0600) != 0 ||
      ::listen(fd.get(), 16) != 0)
    return fail(errors::cannot_listen, "cannot make the control socket {}: {}", path,
                std::strerror(errno));
  return fd;
}

Control::Control(Means means, TableHolder& tables, Succession::Means succession)
    : tables_(tables),
      means_(std::move(means)),
      succession_(std::move(succession)),
      wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (means_.predecessor.is_open()) predecessors_.add(std::move(means_.predecessor));
  thread_ = std::thread([this] { run(); });
}

Control::~Control() {
  stops_ = true;
  wake();
  thread_.join();
  for (const auto& session : sessions_) ::close(session->fd);
  // Where it was handed over, the file is the successor's.
  if (means_.listener.is_open()) ::unlink(means_.path.c_str());
  ::close(wakeup_);
}

void Control::wake() const {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wakeup_, &one, sizeof one));
}

void Control::reload() {
  reload_asked_ = true;
  wake();
}

void Control::note_no_successor() {
  has_no_successor_ = true;
  wake();
}

bool Control::keep_place() {
  std::unique_lock lock(mutex_);
  keep_asked_ = true;
  wake();
  changed_.wait(lock, [this] { return place_ != Place::may_pass; });
  return place_ == Place::is_passed;
}

void Control::run() {
  auto last_look = std::chrono::steady_clock::now();
  while (!stops_) {
    wait();
    take_orders();
    follow_succession();
    predecessors_.look();
    const auto now = std::chrono::steady_clock::now();
    if (now - last_look >= std::chrono::milliseconds(look_milliseconds)) {
      last_look = now;
      tables_.look();
    }
  }
}

void Control::wait() {
  // While the place changes hands, new clients wait for the successor.
  const int listener = succession_.has_ceded() ? -1 : means_.listener.get();
  std::vector<pollfd> polls{{wakeup_, POLLIN, 0}, {listener, POLLIN, 0}};
  for (const auto& session : sessions_) {
    const short wanted = session->output.empty() ? POLLIN : POLLOUT;
    const bool waits = succession_.has_ceded() && !session->is_successor;
    polls.push_back({session->fd, waits ? short{0} : wanted, 0});
  }
  predecessors_.add_to(polls);
  ::poll(polls.data(), polls.size(),
         succession_.is_under_way() ? succession_milliseconds : look_milliseconds);
  if (polls[0].revents != 0) {
    std::uint64_t count = 0;
    static_cast<void>(::read(wakeup_, &count, sizeof count));
  }
  serve_sessions(polls);
  if (polls[1].revents != 0 && !succession_.has_ceded()) accept_session();
}

void Control::serve_sessions(const std::vector<pollfd>& polls) {
  std::vector<std::unique_ptr<Session>> kept;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    auto& session = sessions_[i];
    if (polls[i + 2].revents != 0 && serve(*session) == Keep::close) {
      end(*session);
    } else {
      kept.push_back(std::move(session));
    }
  }
  sessions_ = std::move(kept);
}

void Control::end(Session& session) {
  ::close(session.fd);
  if (session.is_successor) succession_.lose();
}

void Control::take_orders() {
  if (reload_asked_.exchange(false) && place_ == Place::may_pass)
    if (auto begun = succession_.begin(); !begun)
      log::error("not reloaded", {{"reason", begun.error().detail()}});
  if (has_no_successor_.exchange(false))
    succession_.abandon("the new process does not start; the log of temps up says why");
  const std::lock_guard lock(mutex_);
  if (!keep_asked_ || place_ != Place::may_pass) return;
  if (succession_.is_under_way()) succession_.abandon("the proxy stops");
  place_ = succession_.is_done() ? Place::is_passed : Place::is_kept;
  changed_.notify_all();
}

void Control::follow_succession() {
  succession_.look();
  const auto outcome = succession_.take_outcome();
  if (!outcome) return;
  const auto error = *outcome ? std::string() : std::string(outcome->error().detail());
  for (const auto& session : sessions_) {
    if (std::exchange(session->awaits_reload, false)) {
      session->output += routing::encode_control({.error = error, .version = tables_.version()});
      flush(*session);
    }
    if (!*outcome && std::exchange(session->is_successor, false)) {
      session->output += encode(HandoverStep{.step = HandoverStep::Kind::failed, .error = error});
      flush(*session);
      ::shutdown(session->fd, SHUT_RDWR);
    }
  }
  if (*outcome) leave_place();
}

// What clients ask from now on is the successor's to answer: those that are connected here ask
// again.
void Control::leave_place() {
  std::erase_if(sessions_, [](const auto& session) {
    if (!session->is_successor) ::close(session->fd);
    return !session->is_successor;
  });
  means_.listener.reset();
  means_.on_handed_over();
}

void Control::accept_session() {
  const int fd = ::accept4(means_.listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
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
  return flush(session);
}

Control::Keep Control::flush(Session& session) {
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
    answer(session, std::string_view(session.input).substr(0, end));
    session.input.erase(0, end + 1);
  }
}

void Control::answer(Session& session, std::string_view line) {
  if (session.is_successor && succession_.is_under_way()) {
    session.output += succession_.take(line);
    return;
  }
  auto request = routing::decode_control_request(line);
  if (request && request->handover) return offer(session, *request->handover);
  auto done = request ? carry_out(session, *request) : Result<>(fail(std::move(request.error())));
  if (session.awaits_reload) return;
  auto reply = tables_.status(request ? *request : routing::ControlRequest{});
  if (!request || !request->upstream) {
    auto counted = predecessors_.add_loads(reply);
    if (done && request->status) done = std::move(counted);
  }
  if (!done) reply.error = done.error().detail();
  session.output += routing::encode_control(reply);
}

void Control::offer(Session& session, std::int64_t version) {
  auto offered =
      place_ == Place::is_kept
          ? Result<std::string>(fail(errors::not_reloaded, "the proxy stops"))
          : succession_.offer({session.fd, version}, means_.listener.get(), tables_.version());
  session.is_successor = offered.has_value();
  session.output +=
      offered ? *offered : encode(Offer{.error = std::string(offered.error().detail())});
}

Result<> Control::carry_out(Session& session, const routing::ControlRequest& request) {
  if (request.reload) {
    if (place_ == Place::is_kept) return fail(errors::not_reloaded, "the proxy stops");
    auto begun = succession_.begin();
    session.awaits_reload = begun.has_value();
    return begun;
  }
  if (!request.load && !request.status && !request.upstream && !request.report)
    return fail(errors::bad_request,
                "a control message asks for \"load\", \"status\", \"upstream\", \"report\" or "
                "\"reload\"");
  if (!request.load) return {};
  auto loaded = tables_.load(request.load);
  if (loaded) {
    predecessors_.load(*request.load);
  } else {
    log::warning("the route table was not loaded", {{"reason", loaded.error().detail()}});
  }
  return loaded;
}

}  // namespace temps::proxy
