#include "http/stream.hpp"

#include <algorithm>
#include <utility>

#include "http/errors.hpp"
#include "net/errors.hpp"

namespace temps::http {

Task<std::size_t> Input::fill() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (buffer_.size() < bytes_at_first) buffer_.resize(bytes_at_first);
  if (end_ == buffer_.size()) buffer_.resize(std::min(buffer_.size() * 2, bytes_max));
  const auto got = co_await wire_.read_some({buffer_.data() + end_, buffer_.size() - end_});
  end_ += got;
  co_return got;
}

Task<std::string_view> IncomingBody::read() {
  settle();
  if (decoder_.is_done()) co_return std::string_view{};
  if (std::exchange(wants_continue_, false) && source_.input.view().empty()) {
    co_await write_steadily(source_.socket, "HTTP/1.1 100 Continue\r\n\r\n", source_.pause_max);
  }
  for (;;) {
    const auto step = decoder_.next(source_.input.view());
    if (step.state == http1::BodyState::failed) {
      co_await fail(errors::broken_body, "{}", decoder_.failure().reason);
    }
    if (!step.data.empty()) {
      taken_ = step.consumed;
      co_return step.data;
    }
    source_.input.consume(step.consumed);
    if (step.state == http1::BodyState::done) co_return std::string_view{};
    if (step.state == http1::BodyState::need_more) co_await fill();
  }
}

Task<> IncomingBody::fill() {
  const auto got = co_await attempt(within(source_.pause_max, source_.input.fill()));
  if (got && *got > 0) co_return;
  if (got) co_await fail(errors::broken_body, "the connection ended in the middle of the body");
  if (got.error().is(temps::errors::timed_out)) {
    co_await fail(errors::too_slow, "no more of the body came for a long time");
  }
  co_await fail(got.error());
}

void IncomingBody::settle() { source_.input.consume(std::exchange(taken_, 0)); }

Task<bool> IncomingBody::drain(std::uint64_t bytes_max) {
  for (std::uint64_t seen = 0; seen <= bytes_max;) {
    const auto bytes = co_await attempt(read());
    if (!bytes) co_return false;
    if (bytes->empty()) co_return true;
    seen += bytes->size();
  }
  co_return false;
}

Task<std::string_view> UpgradedInput::read() {
  input_.consume(std::exchange(taken_, 0));
  if (input_.view().empty() && co_await input_.fill() == 0) co_return std::string_view{};
  taken_ = input_.view().size();
  co_return input_.view();
}

Task<> UpgradedOutput::write(std::string_view bytes) {
  co_await write_steadily(sink_.socket, bytes, sink_.pause_max);
}

Task<> write_steadily(Wire wire, std::string_view bytes, std::chrono::nanoseconds pause_max) {
  constexpr std::size_t piece_bytes = 64U << 10U;
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, piece_bytes);
    const auto result = co_await attempt(within(pause_max, wire.write_all(piece)));
    if (!result && result.error().is(temps::errors::timed_out)) {
      co_await fail(net::errors::broken, "the other side takes nothing any more");
    }
    co_await result;
    bytes.remove_prefix(piece.size());
  }
}

Task<> OutgoingBody::put(std::string_view bytes) {
  co_await write_steadily(sink_.socket, bytes, sink_.pause_max);
}

Task<> OutgoingBody::put_chunk(std::string_view bytes) {
  constexpr std::size_t copied_max = 16U << 10U;
  std::string head(http1::ChunkHeader(bytes.size()).text());
  if (bytes.size() <= copied_max) {
    head.append(bytes).append(http1::chunk_end);
    co_await put(head);
    co_return;
  }
  co_await put(head);
  co_await put(bytes);
  co_await put(http1::chunk_end);
}

Task<> OutgoingBody::write(std::string_view bytes) {
  if (torn_) co_await fail(net::errors::broken, "the client has gone");
  if (bytes.empty()) co_return;
  torn_ = true;
  if (framing_ == Framing::chunked) {
    co_await put_chunk(bytes);
  } else {
    if (framing_ == Framing::length && bytes.size() > left_) {
      co_await fail(temps::errors::internal, "a handler wrote more than its Content-Length");
    }
    left_ -= framing_ == Framing::length ? bytes.size() : 0;
    co_await put(bytes);
  }
  torn_ = false;
}

Task<> OutgoingBody::gone() { co_await sink_.gone(); }

Task<> OutgoingBody::finish() {
  if (torn_) co_await fail(net::errors::broken, "the client has gone");
  if (framing_ == Framing::length && left_ > 0) {
    co_await fail(temps::errors::internal, "a handler wrote less than its Content-Length");
  }
  if (framing_ == Framing::chunked) co_await put(http1::last_chunk);
}

}  // namespace temps::http
