// The control thread: looks after the table file, answers on the control socket, and hands this
// proxy's place on to another process.
#pragma once
#include <poll.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "files/owned_fd.hpp"
#include "proxy/predecessors.hpp"
#include "proxy/succession.hpp"
#include "proxy/table_holder.hpp"

namespace temps::proxy {

class Control {
 public:
  // Opens the socket at `path`; nothing where that is empty: then the table file is the only way
  // in. Fails with `proxy.address_in_use` while a proxy answers there.
  static Result<files::OwnedFd> open(const std::string& path);

  struct Means {
    std::string path;
    files::OwnedFd listener;
    files::OwnedFd predecessor;  // what it handed over with; nothing where there was none
    // Called by the control thread: another process serves from now on, and this one may end.
    std::function<void()> on_handed_over;
  };
  Control(Means means, TableHolder& tables, Succession::Means succession);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  // Starts a successor, as a `reload` over the socket does; what comes of it is in the log. Any
  // thread may call it.
  void reload();
  void note_no_successor();
  // From now on nothing is handed over. What is under way ends first: true when this proxy's place
  // is another's by then.
  bool keep_place();
  // Are there processes before this one that have not ended?
  [[nodiscard]] bool has_predecessors() const { return predecessors_.count() > 0; }

 private:
  // One client of the socket.
  struct Session {
    int fd = -1;
    std::string input;
    std::string output;
    bool is_successor = false;
    bool awaits_reload = false;
  };
  enum class Keep : std::uint8_t { open, close };
  enum class Place : std::uint8_t { may_pass, is_kept, is_passed };

  void run();
  void wait();
  void serve_sessions(const std::vector<pollfd>& polls);
  void follow_succession();
  void leave_place();
  void take_orders();
  void wake() const;
  void accept_session();
  Keep serve(Session& session);
  static Keep flush(Session& session);
  void end(Session& session);
  void answer_lines(Session& session);
  void answer(Session& session, std::string_view line);
  Result<> carry_out(Session& session, const routing::ControlRequest& request);
  void offer(Session& session, std::int64_t version);

  TableHolder& tables_;
  Means means_;
  Succession succession_;
  Predecessors predecessors_;
  int wakeup_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::atomic<bool> stops_{false};
  std::atomic<bool> reload_asked_{false};
  std::atomic<bool> has_no_successor_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  Place place_ = Place::may_pass;  // written by the control thread, under the lock
  bool keep_asked_ = false;
  std::thread thread_;
};

}  // namespace temps::proxy
