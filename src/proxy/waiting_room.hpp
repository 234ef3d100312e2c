// The requests of one loop that wait for an upstream to take connections.
#pragma once
#include "proxy/reactor.hpp"

namespace temps::proxy {

// A place in a circle of such.
class WaitingPlace {
 public:
  WaitingPlace() = default;
  ~WaitingPlace() { leave(); }
  WaitingPlace(const WaitingPlace&) = delete;
  WaitingPlace& operator=(const WaitingPlace&) = delete;
  [[nodiscard]] bool is_alone() const { return next_ == this; }
  [[nodiscard]] WaitingPlace* next() const { return next_; }
  void leave();
  void enter_before(WaitingPlace& other);

 private:
  WaitingPlace* previous_ = this;
  WaitingPlace* next_ = this;
};

// One that waits. Leaves the room by itself when it is destroyed.
class WaitingRequest : private WaitingPlace {
 public:
  [[nodiscard]] bool is_waiting() const { return !is_alone(); }

 protected:
  ~WaitingRequest() = default;
  void stop_waiting() { leave(); }

 private:
  friend class WaitingRoom;
  // Is there anything to be done about it: an upstream to try, or the end of its patience?
  [[nodiscard]] virtual bool is_called() const = 0;
  // It has left the room. May end anything but the room.
  virtual void on_called() = 0;
};

class WaitingRoom final : private Timer {
 public:
  explicit WaitingRoom(Reactor& reactor) : reactor_(reactor) {}
  void enter(WaitingRequest& request);
  // Calls whoever has something to do: when an upstream has come back, and every 100 ms.
  void look();

 private:
  void on_time() override;

  Reactor& reactor_;
  WaitingPlace all_;  // before the first and behind the last
};

}  // namespace temps::proxy
