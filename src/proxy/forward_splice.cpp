// Large bodies: moved from one socket to the other by the kernel.
#include <algorithm>
#include <utility>

#include "proxy/forward.hpp"
#include "proxy/splice_pipe.hpp"

namespace temps::proxy {
namespace {

// For less, two system calls more cost as much as the copy.
constexpr std::uint64_t splice_bytes_min = 256UL * 1024;

}  // namespace

bool Forward::may_splice() {
  if (pipe_ != nullptr) return true;
  if (!response_started_ || splice_failed_ ||
      response_body_.framing() != http1::Framing::content_length ||
      response_body_.announced() < splice_bytes_min || client_->raw_output() == nullptr)
    return false;
  pipe_ = worker_.take_pipe();
  splice_failed_ = pipe_ == nullptr;
  return pipe_ != nullptr;
}

Forward::Step Forward::splice_response() {
  auto& to = *client_->raw_output();
  if (pipe_->held() > 0) return give_spliced(to);
  auto& from = upstream_->transport;
  if (!from.is_readable()) return Step::idle;
  const auto left = response_body_.announced();
  const auto got = pipe_->take_from(from, static_cast<std::size_t>(left));
  if (got.status == Io::would_block) return Step::idle;
  if (got.status == Io::closed) return upstream_closed();
  if (got.status == Io::failed) {
    // Sockets of this kind cannot be spliced: the ordinary way meets the same error, if it is one.
    end_splicing();
    splice_failed_ = true;
    return Step::progress;
  }
  response_body_.skip(got.bytes);
  return give_spliced(to);
}

Forward::Step Forward::give_spliced(Transport& to) {
  while (pipe_->held() > 0) {
    if (!to.is_writable()) return Step::idle;
    const auto given = pipe_->give_to(to);
    if (given.status == Io::would_block) return Step::idle;
    if (given.status != Io::done) {
      client_->abort();
      return Step::ended;
    }
    client_->note_sent(given.bytes);
  }
  if (!response_body_.is_done()) return Step::progress;
  end_splicing();
  return finish(parser_.head().keep_alive);
}

void Forward::end_splicing() {
  // Bytes of this response must not meet the next one.
  if (pipe_ != nullptr && pipe_->held() == 0) worker_.give_back(std::move(pipe_));
  pipe_.reset();
}

}  // namespace temps::proxy
