#include "proxy/http2_output.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "proxy/http2_fields.hpp"

namespace temps::proxy {

void Http2Output::append(const Gather& body) {
  for (const auto& part : body.data())
    bytes_.append({static_cast<const char*>(part.iov_base), part.iov_len});
}

void Http2Output::end(std::unique_ptr<Trailers> trailers) {
  if (std::exchange(is_ended_, true)) return;
  if (trailers != nullptr && !trailers->empty()) trailers_ = std::move(trailers);
}

bool Http2Output::resume(nghttp2_session* session, std::int32_t stream) {
  if (!std::exchange(is_deferred_, false)) return false;
  ::nghttp2_session_resume_data(session, stream);
  return true;
}

ssize_t Http2Output::take(nghttp2_session* session, std::int32_t stream, std::uint8_t* into,
                          std::size_t count, std::uint32_t* flags, std::string& lower) {
  if (bytes_.empty() && !is_ended_) {
    is_deferred_ = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  const auto taken = std::min(count, bytes_.size());
  if (taken > 0) {
    std::memcpy(into, bytes_.view().data(), taken);
    bytes_.take(taken);
  }
  if (is_ended_ && bytes_.empty()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (trailers_ != nullptr) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      submit_trailers(session, stream, *std::exchange(trailers_, nullptr), lower);
    }
  }
  return static_cast<ssize_t>(taken);
}

}  // namespace temps::proxy
