// The predecessor's side of a handover (handover.hpp), and how one is begun: a successor is
// started, given everything that listens, and trusted with it when it serves. Until then whatever
// goes wrong leaves this proxy as it was. Belongs to the control thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "proxy/handover.hpp"
#include "proxy/service_notice.hpp"
#include "proxy/successor_process.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

// The sockets of one address; the loops own them.
struct ListeningSockets {
  std::string asked;
  std::string address;
  Encryption encryption = Encryption::none;
  std::vector<int> sockets;
};

class Succession {
 public:
  struct Means {
    const std::vector<std::unique_ptr<Worker>>& workers;
    const std::vector<ListeningSockets>& listening;
    TicketKeys& tickets;
    ServiceNotice service;
    std::vector<std::string> command;  // that starts a successor; empty: nobody is started
    bool is_supervised = false;        // the parent starts it, at SIGHUP
    std::chrono::milliseconds limit;
  };
  explicit Succession(Means means) : means_(std::move(means)) {}
  ~Succession() { abandon("the proxy stops"); }
  Succession(const Succession&) = delete;
  Succession& operator=(const Succession&) = delete;

  // Has a successor started. Fails with `proxy.not_reloaded`.
  Result<> begin();
  // A successor asks for the sockets: passes them on, and gives what to answer. Fails with
  // `proxy.not_reloaded`.
  struct Asker {
    int connection;
    std::int64_t version;
  };
  Result<std::string> offer(Asker asker, int control_socket, std::int64_t table);
  // What the successor says; gives what to answer.
  std::string take(std::string_view line);
  // Its connection has ended.
  void lose();
  // Has it died, or does it take too long?
  void look();
  // Whatever is under way ends here.
  void abandon(std::string_view reason);

  [[nodiscard]] bool is_under_way() const { return state_ != State::none && state_ != State::done; }
  // Nothing is accepted any more, on the control socket neither.
  [[nodiscard]] bool has_ceded() const { return state_ == State::ceded || is_done(); }
  [[nodiscard]] bool is_done() const { return state_ == State::done; }
  // How what was under way has ended; once.
  std::optional<Result<>> take_outcome() { return std::exchange(outcome_, std::nullopt); }

 private:
  enum class State : std::uint8_t { none, started, offered, ceded, done };
  using Clock = std::chrono::steady_clock;

  void enter(State state, Clock::duration limit);
  [[nodiscard]] Result<> check(const Asker& asker);
  std::string cede();
  void complete();
  void fall_back(std::string reason);
  [[nodiscard]] bool pause_loops();
  void end_successor();

  Means means_;
  State state_ = State::none;
  Clock::time_point deadline_{};
  SuccessorProcess child_;
  pid_t successor_ = 0;  // that has been offered the sockets
  std::optional<Result<>> outcome_;
};

}  // namespace temps::proxy
