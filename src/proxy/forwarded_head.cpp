#include "proxy/forwarded_head.hpp"

#include "proxy/exchange.hpp"
#include "proxy/trace_context.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

void write_forwarded_head(std::string& out, const Exchange& client, const http1::RequestHead& head,
                          const Passing& passing) {
  const auto& request = client.request();
  TraceParent trace;
  const bool begins_trace = !is_in_trace(head.fields);
  if (begins_trace) trace = client.worker().make_trace(request.id);
  write_request_head(out, head,
                     {.client_address = client.client_address(),
                      .scheme = client.is_https() ? "https" : "http",
                      .request_id = request.id,
                      .host = request.forwarding.host,
                      .port = request.forwarding.port,
                      .site = request.site,
                      .trailers = passing.trailers,
                      .trace = begins_trace ? text_of(trace) : std::string_view{},
                      .is_peer_trusted = client.peer().is_trusted},
                     passing.upgrading);
}

}  // namespace temps::proxy
