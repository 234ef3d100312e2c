// A response's head for nghttp2.
#pragma once
#include <cstddef>
#include <cstdint>

#include "http1/http1.hpp"

namespace temps::proxy {

class Exchange;
class Http2Fields;

enum class ResponseKind : std::uint8_t { ordinary, tunnel };
// `exchange`: whose request is answered. Fields about the connection are left out (RFC 9113
// §8.2.2).
void add_response(Http2Fields& fields, const Exchange& exchange, const http1::ResponseHead& head,
                  ResponseKind kind = ResponseKind::ordinary);
// Of the names that add_response() lowers.
std::size_t response_name_bytes(const Exchange& exchange, const http1::ResponseHead& head);

}  // namespace temps::proxy
