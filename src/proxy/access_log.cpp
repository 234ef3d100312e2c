#include "proxy/access_log.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/log.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "proxy/exchange.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t batch_bytes = 64UL * 1024;
constexpr milliseconds batch_age{250};
// What waits for the disk at most, of all loops: 4 MiB, some 20,000 requests.
constexpr std::size_t batches_max = 64;
constexpr std::size_t spares_max = 8;
// How often a segment's age is looked at.
constexpr milliseconds look{250};
constexpr double all_of_them = 4294967296.0;  // 2^32

using Length = std::uint32_t;

// Addresses of other sites may carry secrets of theirs in their queries.
std::string_view without_query(std::string_view address) {
  return address.substr(0, address.find_first_of("?#"));
}

std::string_view cut_to(std::string_view text, std::size_t bytes_max) {
  return text.substr(0, bytes_max);
}

// The control plane sets it, sealed, when something that a page asks for needs to know its
// visitors.
constexpr std::string_view visitor_cookie = "_temps_visitor_id";

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto [first, rest] = cut(cookies, ";");
    const auto [key, value] = cut(trimmed(first), "=");
    if (key == name) return value;
    cookies = rest;
  }
  return {};
}

template <class Visit>
void for_each_record(std::string_view bytes, Visit&& visit) {
  while (!bytes.empty()) {
    Length length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    visit(bytes.substr(sizeof length, length));
    bytes.remove_prefix(sizeof length + length);
  }
}

std::chrono::microseconds in_microseconds(TimePoint::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time);
}

}  // namespace

void AccessFacts::note(const http1::RequestHead& head) {
  using http1::FieldId;
  method.assign(cut_to(head.method_text, routing::access_text_bytes_max));
  path.assign(cut_to(head.path, routing::access_path_bytes_max));
  user_agent.assign(cut_to(head.fields.value(FieldId::user_agent), routing::access_text_bytes_max));
  referrer.assign(
      cut_to(without_query(head.fields.value(FieldId::referer)), routing::access_text_bytes_max));
  if (const auto* cookie = head.fields.find(FieldId::cookie); cookie != nullptr)
    visitor.assign(
        cut_to(cookie_value(cookie->value, visitor_cookie), routing::access_text_bytes_max));
}

void AccessFacts::clear() {
  is_wanted = false;
  sent_bytes = received_bytes = 0;
  upstream.reset();
  for (auto* text : {&method, &path, &user_agent, &referrer, &visitor, &release}) text->clear();
}

AccessLog::AccessLog(AccessLogOptions options) : options_(std::move(options)) {
  if (!options_.spool_folder.empty())
    output_.emplace(spool::Options{.folder = options_.spool_folder,
                                   .bytes_max = options_.spool_bytes_max,
                                   .when_full = spool::Full::drop_oldest},
                    clock_);
  if (!options_.file.empty()) lines_.emplace(options_.file);
  thread_ = std::thread([this] { run(); });
}

AccessLog::~AccessLog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void AccessLog::hand_over(AccessBatch& batch) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= batches_max) {
    lost_ += batch.requests;
  } else {
    waiting_.push_back(std::move(batch));
    batch = {};
    if (!spare_.empty()) {
      batch = std::move(spare_.back());
      spare_.pop_back();
    }
    changed_.notify_one();
  }
  batch.bytes.clear();
  batch.requests = 0;
}

routing::AccessLogReport AccessLog::report() const {
  return {.share = options_.share,
          .written = static_cast<std::int64_t>(written_),
          .lost = static_cast<std::int64_t>(lost_),
          .given_up = static_cast<std::int64_t>(given_up_)};
}

void AccessLog::run() {
  for (;;) {
    std::vector<AccessBatch> batches;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [this] { return stopping_ || !waiting_.empty(); };
      if (output_ && output_->is_open()) {
        changed_.wait_for(lock, look, has_work);
      } else {
        changed_.wait(lock, has_work);
      }
      if (stopping_ && waiting_.empty()) break;
      batches = std::exchange(waiting_, {});
    }
    for (const auto& batch : batches) write(batch);
    if (output_) {
      // That nothing had to be closed says nothing about the disk.
      if (const auto closed = output_->close_if_old(); !closed) note(spool_sink_, closed);
      given_up_ = output_->counts().dropped;
    }
    const std::lock_guard lock(mutex_);
    for (auto& batch : batches)
      if (spare_.size() < spares_max) spare_.push_back(std::move(batch));
  }
  if (output_ && output_->is_open()) note(spool_sink_, output_->close());
}

void AccessLog::write(const AccessBatch& batch) {
  Result<> spooled;
  const auto before = output_ ? output_->counts().written : 0;
  for_each_record(batch.bytes, [&](std::string_view bytes) {
    if (lines_)
      if (const auto record = routing::decode_access_record(bytes)) lines_->add(*record);
    if (!output_) return;
    if (auto taken = output_->append(bytes); !taken) spooled = std::move(taken);
  });
  std::uint64_t written = 0;
  if (lines_) {
    const auto lined = lines_->write();
    note(file_sink_, lined);
    if (lined) written = batch.requests;
  }
  // Where there is a spool, what it has taken counts.
  if (output_) {
    if (auto flushed = output_->write(); !flushed) spooled = std::move(flushed);
    note(spool_sink_, spooled);
    written = output_->counts().written - before;
  }
  written_ += written;
  lost_ += batch.requests - written;
}

// Once for each time that it begins to fail, and when it works again.
void AccessLog::note(Sink& sink, const Result<>& outcome) {
  if (outcome.has_value() != sink.is_failing) return;
  sink.is_failing = !outcome;
  if (outcome) {
    log::info("the access log is written again",
              {{"to", sink.name}, {"requests_lost", lost_.load()}});
  } else {
    log::warning("the access log cannot be written; requests are answered all the same",
                 {{"to", sink.name}, {"detail", outcome.error().detail()}});
  }
}

AccessBuffer::AccessBuffer(Reactor& reactor, AccessLog& log)
    : reactor_(reactor),
      log_(log),
      threshold_(static_cast<std::uint64_t>(std::llround(log.share() * all_of_them))) {
  const auto bytes = random_bytes(sizeof random_);
  std::memcpy(&random_, bytes.data(), sizeof random_);
}

// By chance (splitmix64), so that no pattern in the requests meets one of ours.
bool AccessBuffer::takes_next() {
  auto mixed = (random_ += 0x9e3779b97f4a7c15ULL);
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
  return (mixed >> 32U) < threshold_;
}

void AccessBuffer::begin_batch() {
  using std::chrono::floor;
  using std::chrono::microseconds;
  batch_.bytes.reserve(batch_bytes + batch_bytes / 16);
  wall_offset_ = floor<microseconds>(std::chrono::system_clock::now().time_since_epoch()) -
                 floor<microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  reactor_.arm(*this, batch_age);
}

void AccessBuffer::add(const Exchange& exchange) {
  if (batch_.requests == 0) begin_batch();
  const auto& request = exchange.request();
  const auto& facts = exchange.access();
  auto& out = batch_.bytes;
  const auto start = out.size();
  out.append(sizeof(Length), '\0');
  routing::encode(
      out, {.time = Instant(in_microseconds(request.begun.time_since_epoch()) + wall_offset_),
            .duration = in_microseconds(reactor_.now() - request.begun),
            .upstream = facts.upstream.transform(in_microseconds),
            .status = static_cast<std::uint32_t>(request.status),
            .sent_bytes = facts.sent_bytes,
            .received_bytes = facts.received_bytes,
            .protocol = static_cast<std::uint32_t>(exchange.protocol()),
            .is_tls = exchange.is_secure(),
            .method = facts.method,
            .host = request.host,
            .path = facts.path,
            .client = exchange.client_address(),
            .user_agent = facts.user_agent,
            .referrer = facts.referrer,
            .request_id = request.id,
            .release = facts.release,
            .visitor = facts.visitor});
  const auto length = static_cast<Length>(out.size() - start - sizeof(Length));
  std::memcpy(out.data() + start, &length, sizeof length);
  ++batch_.requests;
  if (out.size() >= batch_bytes) flush();
}

void AccessBuffer::flush() {
  cancel();
  if (batch_.requests > 0) log_.hand_over(batch_);
}

}  // namespace temps::proxy
