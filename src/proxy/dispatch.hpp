// Who answers a request.
#pragma once
#include "http1/http1.hpp"
#include "proxy/exchange.hpp"

namespace temps::proxy {

// Decides only: nothing is sent or read before the head's buffers are free.
ResponderPointer choose_responder(Exchange& exchange, const http1::RequestHead& head);

}  // namespace temps::proxy
