// A response's head as HTTP/2 brings it, made into the form that exchanges take.
#pragma once
#include <cstdint>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/field_text.hpp"

namespace temps::proxy {

class Http2Answer {
 public:
  // False where it is too much.
  [[nodiscard]] bool add(std::string_view name, std::string_view value);
  enum class Body : std::uint8_t { none, follows };
  void note_body(Body body) { body_ = body; }
  [[nodiscard]] bool is_interim() const;
  // Valid as long as this lives; nullptr when it cannot be understood.
  const http1::ResponseHead* build(http1::Method request);

 private:
  FieldText text_;
  Body body_ = Body::none;
  http1::ResponseHead head_;
};

}  // namespace temps::proxy
