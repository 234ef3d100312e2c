// Which upstream a request goes to, to which other one when that cannot be reached, and the wait
// where none can.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/page.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/stickiness.hpp"
#include "proxy/upstream.hpp"
#include "proxy/waiting_room.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

class UpstreamChoice final : private WaitingRequest {
 public:
  explicit UpstreamChoice(Worker& worker) : worker_(worker) {}
  ~UpstreamChoice() { clear(); }
  // Of the table that the loop uses now, which stays alive until clear().
  void begin(const Target& target, const http1::RequestHead& head);
  // Of the table that the other one chooses from.
  void begin(const UpstreamChoice& other);
  void clear();

  // Leases the upstream of the visitor's cookie, or the least loaded one on this loop of the
  // release whose turn it is; none that is done with for this request. False where there is none.
  [[nodiscard]] bool take_next();
  // The leased one is not taken again for this request.
  void mark_tried();
  // How an upstream could not be reached. One that was not greeted need not be at fault: it may
  // not know the protocol.
  enum class Unreached : std::uint8_t { refused, late, not_greeted };
  // The leased one could not. For a while it is only used when all others cannot, either.
  void note_unreachable(Unreached how);
  // As note_unreachable(), and it is done with.
  void give_up(Unreached how);
  // Counts what came of the leased one: the status of its answer, or that none came, which need not
  // be its fault.
  // Yields how long the answer took.
  TimePoint::duration note_answer(int status);
  enum class Fault : std::uint8_t { its_own, perhaps_not };
  void note_failure(Fault fault = Fault::its_own);

  // Where none can be taken because they are being started again: calls the user when there may be
  // one, or when it has waited for too long. False where that is no use, or too many wait. To be
  // called after take_next() while nothing of the request's body is gone.
  [[nodiscard]] bool wait(UpstreamUser& user, std::string_view host);
  using WaitingRequest::is_waiting;
  // May a request be sent again that the app may have begun with? Only what asks and changes
  // nothing, where it can wait for the app to be started again.
  [[nodiscard]] bool may_repeat(http1::Method method) const {
    return patience() > milliseconds(0) && http1::is_safe(method);
  }

  [[nodiscard]] const Target& target() const { return *target_; }
  [[nodiscard]] Lease& lease() { return lease_; }
  // Has the visitor to be told to stay with the leased one? Then what to set.
  [[nodiscard]] std::optional<std::string> cookie(CookieScope scope) const;
  // What a client is told when the leased one breaks off, and when there is none to ask.
  [[nodiscard]] Notice unreachable(std::string_view host) const;
  [[nodiscard]] Notice unavailable(std::string_view host);

 private:
  [[nodiscard]] bool is_called() const override;
  void on_called() override;

  [[nodiscard]] TimePoint now() const { return worker_.reactor.now(); }
  [[nodiscard]] bool is_tried(std::size_t at) const;
  [[nodiscard]] bool is_usable(std::size_t at) const;
  [[nodiscard]] std::optional<std::size_t> find();
  [[nodiscard]] std::optional<std::size_t> find_in_groups();
  [[nodiscard]] std::optional<std::size_t> find_trial();
  [[nodiscard]] std::optional<std::size_t> least_loaded(std::size_t first, std::size_t count);
  [[nodiscard]] std::optional<std::size_t> of_cookie() const;
  void take(std::size_t at);
  UpstreamHealth::Asked take_trial();
  void end_trial();
  void begin_again();
  [[nodiscard]] bool may_wait() const;
  [[nodiscard]] milliseconds patience() const {
    return target_->kind == Target::Kind::console ? worker_.limits.console_wait : target_->wait;
  }
  void count_waiting(int change);
  void leave_room();

  Worker& worker_;
  std::shared_ptr<const LoopTable> table_;  // keeps `target_` alive
  const Target* target_ = nullptr;
  Lease lease_;
  TimePoint taken_at_{};
  std::size_t at_ = 0;            // of the leased one
  std::uint64_t tried_ = 0;       // one bit for each of the first 64
  Upstream* trial_ = nullptr;     // that this request tries, while nobody knows what comes of it
  std::string cookie_;            // of the visitor; empty: none, or it has no meaning here
  UpstreamUser* user_ = nullptr;  // while it waits
  std::string_view host_;
  TimePoint until_{};  // then it has waited for long enough; {}: it has not waited yet
  bool exhausted_ = false;
  bool was_called_ = false;
  bool has_failed_ = false;
};

}  // namespace temps::proxy
