// Fields in the form that nghttp2 takes.
#pragma once
#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

class Trailers;

// Views of text that others own. Names that are not in lower case already are lowered into a buffer
// of the loop's, so there is one at a time.
class Http2Fields {
 public:
  // `name_bytes`: of all names that add_lowered() gets; `lower` must not move meanwhile.
  Http2Fields(std::string& lower, std::size_t name_bytes) : lower_(lower) {
    lower_.clear();
    lower_.reserve(name_bytes);
  }
  void add(std::string_view name, std::string_view value) {
    fields_[size_++] = {bytes_of(name), bytes_of(value), name.size(), value.size(),
                        NGHTTP2_NV_FLAG_NONE};
  }
  // What hardly ever comes twice with the same value: it would only push others out of the table
  // of HPACK.
  void add_unique(std::string_view name, std::string_view value) {
    add(name, value);
    fields_[size_ - 1].flags = NGHTTP2_NV_FLAG_NO_INDEX;
  }
  // The name in lower case.
  std::string_view lowered(std::string_view name);
  void add_number(std::string_view name, std::uint64_t number);
  [[nodiscard]] bool has_room() const { return size_ < capacity; }
  [[nodiscard]] std::span<const nghttp2_nv> all() const { return {fields_.data(), size_}; }

 private:
  // Those of a head; status, or the four of a request; length and request id; those of a policy.
  static constexpr std::size_t capacity =
      http1::Fields::capacity + 6 + routing::response_headers_max;
  static std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  }

  std::string& lower_;
  std::array<nghttp2_nv, capacity> fields_;
  std::size_t size_ = 0;
  std::array<std::array<char, 20>, 2> digits_;
  std::size_t numbers_ = 0;
};

// Sends the fields as the end of a stream. `lower` as above.
void submit_trailers(nghttp2_session* session, std::int32_t stream, const Trailers& trailers,
                     std::string& lower);

}  // namespace temps::proxy
