// The request's way: from the client to the upstream.
#include <algorithm>
#include <utility>

#include "proxy/forward.hpp"

namespace temps::proxy {

Forward::Step Forward::pump_request() {
  auto& output = upstream_->output;
  const auto waiting = output.size();
  if (!upload_broken_ && output.flush(upstream_->transport) == Io::failed) upload_broken_ = true;
  if (upload_broken_) output.drop();
  if (upload_done_ || upload_broken_ || !output.empty())
    return output.size() < waiting ? Step::progress : Step::idle;
  auto& input = client_->input();
  if (!input.empty()) return send_body(input.view(), true);
  auto& transport = client_->transport();
  if (!transport.is_readable()) return Step::idle;
  auto scratch = worker_.reactor.scratch();
  // Of a counted body nothing more than the body is read: what follows stays in the kernel.
  if (!request_chunked_)
    scratch = scratch.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(scratch.size(), client_->body().announced())));
  const auto got = transport.read(scratch);
  if (got.status == Io::would_block) return Step::idle;
  if (got.status != Io::done) {
    client_->abort();
    return Step::ended;
  }
  return send_body({scratch.data(), got.bytes}, false);
}

Forward::Step Forward::send_body(std::string_view text, bool is_queued) {
  upload_touched_ = true;
  auto& body = client_->body();
  auto state = http1::BodyState::more;
  auto rest = text;
  while (state == http1::BodyState::more) {
    Gather gather;
    const auto header_place = request_chunked_ ? gather.reserve() : 0;
    std::uint64_t total = 0;
    while (state == http1::BodyState::more && gather.has_room(3)) {
      const auto step = body.next(rest);
      rest.remove_prefix(step.consumed);
      gather.add(step.data);
      total += step.data.size();
      state = step.state;
    }
    if (state == http1::BodyState::failed)
      return refuse_body(notices::refused(400, body.failure().reason));
    body_taken_ += total;
    const auto limit = worker_.limits.body_bytes;
    if (target_->kind == Target::Kind::app && body_taken_ > limit)
      return refuse_body(notices::too_large(limit));
    const http1::ChunkHeader header(total);
    if (request_chunked_ && total > 0) {
      gather.set(header_place, header.text());
      gather.add(http1::chunk_end);
    }
    if (request_chunked_ && state == http1::BodyState::done) gather.add(http1::last_chunk);
    if (upstream_->output.send(upstream_->transport, gather.parts()) == Io::failed)
      upload_broken_ = true;
  }
  if (is_queued) {
    client_->input().take(text.size() - rest.size());
  } else if (!rest.empty()) {
    client_->input().append(rest);
  }
  upload_done_ = body.is_done();
  return Step::progress;
}

Forward::Step Forward::refuse_body(const Notice& notice) {
  client_->forbid_keep_alive();
  end_with(notice);
  return Step::ended;
}

}  // namespace temps::proxy
