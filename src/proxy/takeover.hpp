// The successor's side of a handover (handover.hpp): everything that listens is received from the
// proxy that runs, and served from when that one has stopped accepting.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "files/owned_fd.hpp"
#include "proxy/address.hpp"
#include "proxy/handover.hpp"
#include "proxy/socket_passing.hpp"

namespace temps::proxy {

class Takeover {
 public:
  struct Listener {
    std::string asked;
    Address address;
    bool is_tls = false;
    std::vector<files::OwnedFd> sockets;
  };

  // Nothing when nobody answers on the control socket. Waits for each answer for at most `limit`.
  // Fails with `proxy.no_handover`, `proxy.bad_handover`.
  static Result<std::optional<Takeover>> begin(const std::string& control_path,
                                               std::chrono::milliseconds limit);

  // The version of the table that the predecessor serves from; 0: none.
  [[nodiscard]] std::int64_t table() const { return table_; }
  [[nodiscard]] const std::vector<TicketKeys::Key>& tickets() const { return tickets_; }
  // The sockets of what was configured with these words or is bound to this address; nothing where
  // the predecessor does not listen there. Each is given once.
  std::optional<Listener> take(const std::string& asked, const Address& address);
  // Does the predecessor listen on this port? Its sockets are no stranger's then.
  [[nodiscard]] bool has_port(std::uint16_t port) const;
  // What nobody took.
  std::vector<Listener> take_rest();
  files::OwnedFd take_control() { return std::move(control_); }

  // Says that the table is loaded. Returns when the predecessor accepts no more, or is gone.
  // Fails with `proxy.no_handover` when it has changed its mind.
  Result<> ready();
  // Says that connections are accepted. The connection is for Predecessors from here on.
  files::OwnedFd serving();
  // Tells the predecessor why this process gives up.
  void give_up(std::string_view reason);

 private:
  Takeover() = default;
  Result<std::string> read_line();
  Result<> receive_offer();
  bool send(std::string_view text);

  files::OwnedFd connection_;
  Received received_;
  bool has_ended_ = false;
  std::vector<Listener> listeners_;
  std::vector<TicketKeys::Key> tickets_;
  std::int64_t table_ = 0;
  files::OwnedFd control_;
  std::vector<std::uint16_t> ports_;
};

}  // namespace temps::proxy
