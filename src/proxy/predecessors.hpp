// The proxies before this one that still finish requests. They are asked what is in flight, and
// told of new tables, over the connections that they handed their sockets over with; each ends with
// its process. Belongs to the control thread.
#pragma once
#include <poll.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "files/owned_fd.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

class Predecessors {
 public:
  void add(files::OwnedFd connection);
  // How many there are; any thread may ask.
  [[nodiscard]] std::size_t count() const { return count_; }
  void add_to(std::vector<pollfd>& polls) const;
  // Forgets those that have ended.
  void look();
  // Adds what is in flight there. Fails with `proxy.not_in_force` when one does not say: it may be
  // anything then.
  Result<> add_loads(routing::ControlReply& reply);
  // They send what requests come to them yet where the new table says.
  void load(std::int64_t version);

 private:
  struct Link {
    files::OwnedFd connection;
    std::string input;
    std::size_t owed = 0;  // replies to questions that nobody waits for any more
  };
  enum class Asked : std::uint8_t { answered, late, gone };
  static Asked ask(Link& link, const routing::ControlRequest& request,
                   routing::ControlReply& reply);

  std::vector<Link> links_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace temps::proxy
