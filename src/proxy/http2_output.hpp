// A body on its way out of an HTTP/2 stream, and the trailer fields behind it.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "proxy/trailers.hpp"
#include "proxy/transport.hpp"

struct nghttp2_session;

namespace temps::proxy {

class Http2Output {
 public:
  Http2Output() = default;
  explicit Http2Output(ByteStore& store) : bytes_(store) {}
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  void append(std::string_view text) { bytes_.append(text); }
  void append(const Gather& body);
  // Nothing follows but the trailer fields, where there are any.
  void end(std::unique_ptr<Trailers> trailers = nullptr);
  [[nodiscard]] bool is_ended() const { return is_ended_; }
  // Does anything follow the head?
  [[nodiscard]] bool has_more() const {
    return !is_ended_ || !bytes_.empty() || trailers_ != nullptr;
  }
  // Tells nghttp2 that there is more, where it waits for that. Whether it did.
  bool resume(nghttp2_session* session, std::int32_t stream);
  // For nghttp2's data source: fills a DATA frame. `lower` as for Http2Fields.
  ssize_t take(nghttp2_session* session, std::int32_t stream, std::uint8_t* into, std::size_t count,
               std::uint32_t* flags, std::string& lower);

 private:
  ByteQueue bytes_;
  std::unique_ptr<Trailers> trailers_;
  bool is_ended_ = false;
  bool is_deferred_ = false;  // nghttp2 waits to be told of more
};

}  // namespace temps::proxy
