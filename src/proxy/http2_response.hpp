// A response's head for nghttp2.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "http1/http1.hpp"
#include "proxy/http2_fields.hpp"

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
  [[nodiscard]] std::span<const nghttp2_nv> fields() const { return fields_.all(); }

 private:
  Http2Fields fields_;
};

}  // namespace temps::proxy
