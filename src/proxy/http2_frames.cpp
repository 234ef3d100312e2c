#include "proxy/http2_frames.hpp"

#include <nghttp2/nghttp2.h>

#include "proxy/http2_budget.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr int reads_per_turn = 8;

}  // namespace

FramesRead read_frames(Worker& worker, Transport& transport, nghttp2_session* session,
                       Http2Budget* budget) {
  for (int i = 0; i < reads_per_turn && transport.is_readable(); ++i) {
    const auto scratch = worker.reactor.scratch();
    const auto got = transport.read(scratch);
    if (got.status == Io::would_block) return FramesRead::all;
    if (got.status != Io::done) return FramesRead::ended;
    if (budget != nullptr && !budget->note_bytes(got.bytes))
      ::nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
    const auto taken = ::nghttp2_session_mem_recv(
        session, reinterpret_cast<const std::uint8_t*>(scratch.data()), got.bytes);
    if (taken < 0) {
      const auto code =
          taken == NGHTTP2_ERR_FLOODED ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR;
      ::nghttp2_session_terminate_session(session, code);
      return FramesRead::ended;
    }
  }
  return transport.is_readable() ? FramesRead::some : FramesRead::all;
}

bool write_frames(Worker& worker, Transport& transport, Outbox& output, nghttp2_session* session) {
  if (output.flush(transport) == Io::failed) return false;
  auto& buffer = worker.frames_out;
  for (;;) {
    if (!output.empty() || transport.has_output()) return true;
    buffer.clear();
    while (buffer.size() < Worker::frames_out_bytes) {
      const std::uint8_t* frames = nullptr;
      const auto count = ::nghttp2_session_mem_send(session, &frames);
      if (count < 0) return false;
      if (count == 0) break;
      buffer.append(reinterpret_cast<const char*>(frames), static_cast<std::size_t>(count));
    }
    if (buffer.empty()) return true;
    const iovec part{buffer.data(), buffer.size()};
    if (output.send(transport, {&part, 1}) == Io::failed) return false;
  }
}

}  // namespace temps::proxy
