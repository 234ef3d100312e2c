// Static trees: files sent by the kernel, from below one folder and never from outside it.
#pragma once
#include "http1/http1.hpp"
#include "proxy/exchange.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// Finds the file for a request; the answer is sent once the responder runs.
ResponderPointer serve_static(Exchange& client, const http1::RequestHead& head,
                              const routing::StaticTree& tree);

}  // namespace temps::proxy
