// Static trees: files sent by the kernel, from below one folder and never from outside it.
#pragma once
#include <string>

#include "http1/http1.hpp"
#include "proxy/exchange.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// Finds the file for a request; the answer is sent once the responder runs. `cookie`: what the
// answer sets, if anything.
ResponderPointer serve_static(Exchange& client, const http1::RequestHead& head,
                              const routing::StaticTree& tree, std::string cookie = {});

}  // namespace temps::proxy
