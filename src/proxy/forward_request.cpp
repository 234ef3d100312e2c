// The request's way: from the client to the upstream.
#include <utility>

#include "proxy/forward.hpp"

namespace temps::proxy {

Forward::Step Forward::pump_request() {
  auto& output = upstream_->output;
  const auto waiting = output.size();
  if (!upload_broken_ && output.flush(upstream_->transport) == Io::failed) upload_broken_ = true;
  if (upload_broken_) output.drop();
  if (!output.empty()) giving_.stop();  // the client waits for the app
  if (upload_done_ || upload_broken_ || !output.empty())
    return output.size() < waiting ? Step::progress : Step::idle;
  Gather gather(Gather::Framing::room);
  const auto part = client_->read_body(gather);
  switch (part.status) {
    case BodyPart::Status::wait:
      return Step::idle;
    case BodyPart::Status::gone:
      client_->abort();
      return Step::ended;
    case BodyPart::Status::refused:
      return refuse_body(notices::refused(400, part.reason));
    case BodyPart::Status::some:
      break;
  }
  upload_touched_ = true;
  upload_done_ = client_->is_body_done();
  body_taken_ += part.bytes;
  const auto limit = body_bytes_max(*client_);
  if (choice_.target().kind == Target::Kind::app && body_taken_ > limit)
    return refuse_body(notices::too_large(limit));
  if (gives_too_little()) return refuse_body(notices::slow_request());
  const http1::ChunkHeader header(part.bytes);
  if (request_chunked_ && part.bytes > 0) {
    gather.set(1, header.text());
    gather.add(http1::chunk_end);
  }
  if (request_chunked_ && upload_done_) gather.add(http1::last_chunk);
  if (output.send(upstream_->transport, gather.parts()) == Io::failed) upload_broken_ = true;
  client_->release_body();
  return Step::progress;
}

// An upload is cheap to keep alive by a byte a minute. Once the response has begun, both sides may
// be talking, in their own time.
bool Forward::gives_too_little() {
  if (upload_done_ || response_started_) return false;
  const auto now = worker_.reactor.now();
  if (!giving_.is_running()) {
    giving_.begin(now, body_taken_);
    return false;
  }
  return giving_.age(now) >= worker_.limits.upload_idle &&
         !giving_.keeps_up(now, body_taken_, worker_.limits.client_bytes_per_second);
}

Forward::Step Forward::refuse_body(const Notice& notice) {
  client_->forbid_keep_alive();
  end_with(notice);
  return Step::ended;
}

}  // namespace temps::proxy
