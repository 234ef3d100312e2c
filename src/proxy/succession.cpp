#include "proxy/succession.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "core/log.hpp"
#include "proxy/errors.hpp"
#include "proxy/loop_barrier.hpp"
#include "proxy/socket_passing.hpp"

namespace temps::proxy {
namespace {

// From the last connection accepted here to the first one accepted there: milliseconds, where
// nothing hangs.
constexpr std::chrono::seconds gap_max{5};

}  // namespace

void Succession::enter(State state, Clock::duration limit) {
  state_ = state;
  deadline_ = Clock::now() + limit;
}

Result<> Succession::begin() {
  if (is_done()) return fail(errors::not_reloaded, "another process has taken over already");
  if (is_under_way()) return fail(errors::not_reloaded, "a reload is under way already");
  if (means_.is_supervised) {
    ::kill(::getppid(), SIGHUP);
  } else if (means_.command.empty()) {
    return fail(errors::not_reloaded, "the proxy does not know the program that it was started as");
  } else if (auto started = child_.start(means_.command); !started) {
    return started;
  }
  log::info("a new process is to take over");
  means_.service.reloading();
  enter(State::started, means_.limit);
  return {};
}

Result<> Succession::check(const Asker& asker) {
  if (asker.version != handover_version)
    return fail(errors::not_reloaded,
                "the new process takes over in version {}, and this one hands over in version {}: "
                "restart instead of reloading",
                asker.version, handover_version);
  if (is_done()) return fail(errors::not_reloaded, "another process has taken over already");
  if (is_under_way() && state_ != State::started)
    return fail(errors::not_reloaded, "a reload is under way already");
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(asker.connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 ||
      peer.uid != ::geteuid())
    return fail(errors::not_reloaded, "only a process of the same user may take over");
  if (child_.is_running() && child_.pid() != peer.pid)
    return fail(errors::not_reloaded, "a reload is under way already, by process {}", child_.pid());
  successor_ = peer.pid;
  return {};
}

Result<std::string> Succession::offer(Asker asker, int control_socket, std::int64_t table) {
  if (auto checked = check(asker); !checked) return fail(std::move(checked.error()));
  Offer offer{.handover = handover_version, .table = table, .tickets = means_.tickets.all()};
  std::vector<int> sockets;
  for (const auto& listening : means_.listening) {
    offer.listeners.push_back({listening.asked, listening.address,
                               listening.encryption == Encryption::tls,
                               static_cast<std::uint32_t>(listening.sockets.size())});
    sockets.insert(sockets.end(), listening.sockets.begin(), listening.sockets.end());
  }
  sockets.push_back(control_socket);
  if (auto passed = pass_sockets(asker.connection, sockets); !passed)
    return fail(std::move(passed.error()));
  // One that nobody here has started is told of now.
  if (state_ != State::started) means_.service.reloading();
  enter(State::offered, means_.limit);
  return encode(offer);
}

std::string Succession::take(std::string_view line) {
  auto step = decode_step(line);
  if (!step) {
    fall_back(std::string(step.error().detail()));
  } else if (step->step == HandoverStep::Kind::failed) {
    fall_back(step->error);
  } else if (step->step == HandoverStep::Kind::ready && state_ == State::offered) {
    return cede();
  } else if (step->step == HandoverStep::Kind::serving && state_ == State::ceded) {
    complete();
  } else {
    fall_back("the new process says what nobody asked");
  }
  return {};
}

bool Succession::pause_loops() {
  const auto barrier = LoopBarrier::of(means_.workers.size());
  for (const auto& worker : means_.workers)
    worker->post_pause([arrival = LoopBarrier::Arrival(barrier)] {});
  return barrier->wait() == 0;
}

std::string Succession::cede() {
  enter(State::ceded, gap_max);
  if (pause_loops()) return encode(HandoverStep{.step = HandoverStep::Kind::yours});
  fall_back("a loop of this proxy does not answer");
  return {};
}

void Succession::complete() {
  means_.service.main_process(successor_);
  log::info("a new process has taken over; requests in flight here are finished",
            {{"successor", successor_}});
  child_.release();
  state_ = State::done;
  outcome_.emplace();
}

void Succession::lose() {
  if (state_ == State::offered || state_ == State::ceded) {
    // How it ended says more than that it did.
    if (child_.is_running()) {
      enter(state_, std::chrono::milliseconds(500));
      successor_ = 0;
    } else {
      fall_back("the new process ended the conversation");
    }
  }
}

void Succession::look() {
  if (!is_under_way()) return;
  if (const auto end = child_.ended()) {
    fall_back("the new process ended before it served (" + *end + "); its log says why");
  } else if (Clock::now() >= deadline_) {
    fall_back(successor_ == 0 && state_ != State::started ? "the new process ended the conversation"
                                                          : "the new process took too long");
  }
}

void Succession::abandon(std::string_view reason) {
  if (is_under_way()) fall_back(std::string(reason));
}

// It may hang, and must not begin to serve when it wakes up.
void Succession::end_successor() {
  child_.kill();
  if (successor_ > 0 && successor_ != ::getpid()) ::kill(successor_, SIGKILL);
  successor_ = 0;
}

void Succession::fall_back(std::string reason) {
  log::error("no new process has taken over; this one goes on serving", {{"reason", reason}});
  end_successor();
  if (state_ == State::ceded)
    for (const auto& worker : means_.workers) worker->post_accept([] {});
  means_.service.ready();
  state_ = State::none;
  outcome_.emplace(fail(errors::not_reloaded, "{}", reason));
}

}  // namespace temps::proxy
