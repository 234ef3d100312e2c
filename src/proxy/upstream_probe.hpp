// Tries whether an upstream that is sent no requests can be sent some again. Belongs to a loop's
// share of it.
#pragma once
#include <memory>
#include <string>

#include "proxy/reactor.hpp"
#include "proxy/upstream.hpp"

namespace temps::proxy {

class Worker;

class UpstreamProbe final : private UpstreamUser, private Timer {
 public:
  UpstreamProbe(Worker& worker, Upstream& upstream);
  ~UpstreamProbe() override;

  // Goes on until the upstream is well: every 100 ms while somebody waits on this loop, else every
  // second, and then one loop for all. Nothing is done for those that are not in the table.
  static void start(Worker& worker, Upstream& upstream);

 private:
  void on_time() override;
  void on_upstream_events() override;
  [[nodiscard]] bool is_due();
  void begin();
  void end();
  void conclude();
  void ask();
  void read_answer();
  void start();
  void arm();
  [[nodiscard]] TimePoint now() const;

  Worker& worker_;
  Upstream& upstream_;
  std::unique_ptr<UpstreamConnection> connection_;
  std::string answer_;  // as far as it has come, to a request of our own
  TimePoint begun_{};
  bool is_asking_ = false;
};

}  // namespace temps::proxy
