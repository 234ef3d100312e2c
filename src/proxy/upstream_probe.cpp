#include "proxy/upstream_probe.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr milliseconds pace_of_waiting{100};
constexpr milliseconds pace{1'000};
// For a connection, and for an answer.
constexpr milliseconds connect_limit{1'000};
constexpr milliseconds answer_limit{5'000};
constexpr std::size_t status_line_bytes = 12;  // "HTTP/1.1 200"

}  // namespace

UpstreamProbe::UpstreamProbe(Worker& worker, Upstream& upstream)
    : worker_(worker), upstream_(upstream) {}

UpstreamProbe::~UpstreamProbe() { end(); }

TimePoint UpstreamProbe::now() const { return worker_.reactor.now(); }

void UpstreamProbe::start(Worker& worker, Upstream& upstream) {
  auto& share = upstream.share(worker.index);
  if (!share.in_table) return;
  if (share.probe == nullptr) share.probe = std::make_unique<UpstreamProbe>(worker, upstream);
  share.probe->start();
}

// The first who waits does not wait for the slower pace to end.
void UpstreamProbe::start() {
  const bool is_first = upstream_.share(worker_.index).waiting == 1;
  if (connection_ == nullptr && (is_first || !is_armed()))
    worker_.reactor.arm(*this, pace_of_waiting);
}

void UpstreamProbe::arm() {
  const bool is_waited_for = upstream_.share(worker_.index).waiting > 0;
  worker_.reactor.arm(*this, is_waited_for ? pace_of_waiting : pace);
}

void UpstreamProbe::on_time() {
  if (connection_ != nullptr) {
    const auto limit = is_asking_ ? answer_limit : connect_limit;
    if (now() - begun_ < limit) return worker_.reactor.arm(*this, limit);
    if (is_asking_)
      static_cast<void>(upstream_.health.note_failure(UpstreamHealth::Asked::as_trial, now()));
    end();
  }
  if (upstream_.health.is_in()) return;
  if (is_due()) begin();
  if (connection_ == nullptr && !upstream_.health.is_in()) arm();
}

// One that is out takes connections, which shows nothing: it has to answer.
bool UpstreamProbe::is_due() {
  auto& health = upstream_.health;
  if (health.state() == UpstreamHealth::State::out)
    return !upstream_.check.path.empty() && now() >= health.out_until() &&
           health.claim_check(now());
  return upstream_.share(worker_.index).waiting > 0 || health.claim_check(now());
}

void UpstreamProbe::begin() {
  is_asking_ = false;
  begun_ = now();
  connection_ = UpstreamConnection::connect(worker_.reactor, upstream_);
  if (connection_ == nullptr) {
    if (errno != EMFILE && errno != ENFILE) static_cast<void>(upstream_.health.note_refusal(now()));
    return;
  }
  connection_->set_user(this);
  worker_.reactor.arm(*this, connect_limit);
  if (!connection_->connecting) on_upstream_events();
}

void UpstreamProbe::end() {
  if (connection_ == nullptr) return;
  connection_->set_user(nullptr);
  worker_.reactor.retire(std::move(connection_));
}

void UpstreamProbe::on_upstream_events() {
  if (is_asking_) return read_answer();
  if (connection_->connecting) return;
  auto& health = upstream_.health;
  if (connection_->connect_failed) {
    static_cast<void>(health.note_refusal(now()));
  } else if (health.state() == UpstreamHealth::State::out) {
    return ask();
  } else {
    health.note_connected(now());
  }
  conclude();
}

void UpstreamProbe::conclude() {
  end();
  if (!upstream_.health.is_in()) return arm();
  cancel();
  worker_.waiting_room.look();
}

void UpstreamProbe::ask() {
  is_asking_ = true;
  begun_ = now();
  answer_.clear();
  worker_.reactor.arm(*this, answer_limit);
  std::string request = "GET " + upstream_.check.path + " HTTP/1.1\r\nHost: ";
  request += upstream_.check.host;
  request += "\r\nUser-Agent: temps-health-check\r\nConnection: close\r\n\r\n";
  static_cast<void>(connection_->output.send(connection_->transport, request));
  read_answer();
}

void UpstreamProbe::read_answer() {
  const auto got = connection_->transport.read(worker_.reactor.scratch());
  if (got.status == Io::would_block) return;
  if (got.status == Io::done) {
    answer_.append(worker_.reactor.scratch().data(), std::min(got.bytes, status_line_bytes));
    if (answer_.size() < status_line_bytes) return;
  }
  const std::string_view line(answer_);
  const auto status = line.starts_with("HTTP/1.") && line.size() >= status_line_bytes
                          ? parse_number<int>(line.substr(9, 3)).value_or(0)
                          : 0;
  if (status >= 200 && status < 500) {
    upstream_.health.note_well(now());
  } else {
    static_cast<void>(upstream_.health.note_failure(UpstreamHealth::Asked::as_trial, now()));
  }
  conclude();
}

}  // namespace temps::proxy
