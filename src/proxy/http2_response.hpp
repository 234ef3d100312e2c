// A response's head in the form that nghttp2 takes.
#pragma once
#include <nghttp2/nghttp2.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "http1/http1.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

class Exchange;

// Lives in memory of the loop's: one at a time. Fields about the connection are left out (RFC 9113
// §8.2.2).
class Http2Response {
 public:
  enum class Kind : std::uint8_t { ordinary, tunnel };
  // `exchange`: whose request is answered.
  Http2Response(const Exchange& exchange, const http1::ResponseHead& head,
                Kind kind = Kind::ordinary);
  [[nodiscard]] std::span<const nghttp2_nv> fields() const { return {fields_.data(), size_}; }

 private:
  // Status, length and request id besides those of the head, and those of a policy.
  static constexpr std::size_t own_fields = 3 + routing::response_headers_max;
  void add(std::string_view name, std::string_view value);

  std::array<nghttp2_nv, http1::Fields::capacity + own_fields> fields_;
  std::size_t size_ = 0;
  std::array<char, 20> length_;
  std::array<char, 3> status_;
};

}  // namespace temps::proxy
