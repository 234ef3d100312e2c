// The head of a client's request as its app gets it.
#pragma once
#include <string>

#include "http1/http1.hpp"
#include "proxy/head_writer.hpp"

namespace temps::proxy {

class Exchange;

// In the form of HTTP/1.1: with where the request comes from, and a trace for those that have none.
// Appends to `out`.
void write_forwarded_head(std::string& out, const Exchange& client, const http1::RequestHead& head,
                          Upgrading upgrading);

}  // namespace temps::proxy
