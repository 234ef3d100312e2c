// A request's head as HTTP/2 brings it, field by field, made into the form that responders know.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/field_text.hpp"

namespace temps::proxy {

class Http2Head {
 public:
  explicit Http2Head(http1::HeadLimits limits) : limits_(limits) {}

  void clear();
  // What nghttp2 has checked already: characters, doubled and missing pseudo-header fields (RFC
  // 9113 §8.2 and §8.3). Beyond the limits nothing is kept.
  void add(std::string_view name, std::string_view value);

  enum class Body : std::uint8_t { none, follows };
  struct Built {
    const http1::RequestHead* head = nullptr;  // nullptr: refused
    http1::Failure failure{};
    bool is_tunnel = false;  // an extended CONNECT (RFC 8441)
  };
  // The head is valid until clear().
  [[nodiscard]] Built build(Body body);

 private:
  [[nodiscard]] bool set_pseudo(std::string_view name, std::string_view value);
  [[nodiscard]] http1::Failure add_fields();
  [[nodiscard]] http1::Failure check_method() const;
  [[nodiscard]] http1::Failure split_target();
  [[nodiscard]] http1::Failure split_host();
  [[nodiscard]] http1::Failure set_framing(Body body);
  void become_upgrade();

  http1::HeadLimits limits_;
  FieldText text_;
  std::string cookies_;  // RFC 9113 §8.2.3: one field in HTTP/1
  std::string key_;      // of a WebSocket
  std::string_view protocol_;
  http1::RequestHead head_;
  bool is_too_large_ = false;
};

}  // namespace temps::proxy
