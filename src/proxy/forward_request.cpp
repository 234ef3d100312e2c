// The request's way: from the client to the upstream.
#include <utility>

#include "proxy/forward.hpp"
#include "proxy/head_writer.hpp"

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
  std::string trailers;
  if (request_chunked_ && upload_done_) {
    if (!announced_.empty()) trailers = request_trailers();
    gather.add(trailers.empty() ? http1::last_chunk : trailers);
  }
  if (output.send(upstream_->transport, gather.parts()) == Io::failed) upload_broken_ = true;
  client_->release_body();
  return Step::progress;
}

// The last chunk with the fields that were announced; empty where none of them has come. An app
// that takes such a field for one of the head has been told of it.
std::string Forward::request_trailers() {
  const auto sent = client_->take_request_trailers();
  if (sent == nullptr) return {};
  std::string text = "0\r\n";
  const auto empty = text.size();
  sent->for_each([&](std::string_view name, std::string_view value) {
    if (http1::list_contains(announced_, name)) write_field(text, name, value);
  });
  if (text.size() == empty) return {};
  return text += "\r\n";
}

// An upload is cheap to keep alive by a byte a minute. Once the response has begun, both sides may
// be talking, in their own time.
bool Forward::gives_too_little() {
  if (upload_done_ || response_started_) return false;
  const auto& limits = worker_.limits;
  return giving_.falls_behind(worker_.reactor.now(), body_taken_, limits.upload_idle,
                              limits.client_bytes_per_second);
}

Forward::Step Forward::refuse_body(const Notice& notice) {
  client_->forbid_keep_alive();
  end_with(notice);
  return Step::ended;
}

}  // namespace temps::proxy
