// What is kept of a request for the access log while it is being answered.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "http1/http1.hpp"
#include "proxy/reactor.hpp"

namespace temps::proxy {

struct AccessFacts {
  bool is_wanted = false;  // else no text is copied
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::optional<TimePoint::duration> upstream;
  std::string method;
  std::string path;
  std::string user_agent;
  std::string referrer;
  std::string visitor;  // as a cookie of ours says
  std::string release;

  void note(const http1::RequestHead& head);
  // As new, but for the capacity of strings.
  void clear();
};

}  // namespace temps::proxy
