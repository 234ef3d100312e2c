// W3C Trace Context: where a request stands in a trace.
#pragma once
#include <array>
#include <string_view>

#include "http1/http1.hpp"

namespace temps::proxy {

// Is it a traceparent that a tracer would go on from: "00-<32 hex>-<16 hex>-<2 hex>", or one of a
// later version that begins so?
bool is_traceparent(std::string_view text);
// Does the request carry exactly one good traceparent? It is passed on unchanged then, as a proxy
// that records no spans of its own has to; else the trace begins here.
bool is_in_trace(const http1::Fields& fields);

using TraceParent = std::array<char, 55>;
inline std::string_view text_of(const TraceParent& trace) { return {trace.data(), trace.size()}; }
// Of a trace that begins here and that nobody has decided to record. The trace's id is the
// request's where that has the form, so that logs and traces can be joined; else `fallback`. Both
// ids have 32 hexadecimal digits, of which the last 16 are not zero.
TraceParent begin_trace(std::string_view request_id, std::string_view fallback);

}  // namespace temps::proxy
