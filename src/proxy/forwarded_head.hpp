// The head of a client's request as its app gets it.
#pragma once
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/head_writer.hpp"

namespace temps::proxy {

class Exchange;

struct Passing {
  Upgrading upgrading = Upgrading::no;
  std::string_view trailers{};  // the names of fields that may come behind the body
};
// In the form of HTTP/1.1: with where the request comes from, and a trace for those that have none.
// Appends to `out`.
void write_forwarded_head(std::string& out, const Exchange& client, const http1::RequestHead& head,
                          const Passing& passing);

}  // namespace temps::proxy
