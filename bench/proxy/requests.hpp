// What the load generator sends: the request of each host, made once.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/connection.hpp"
#include "proxy/options.hpp"

namespace temps::bench {

class Requests {
 public:
  explicit Requests(const Options& options) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.hosts); ++i) {
      hosts_.push_back(options.hosts == 0 ? options.host : fmt::format("app-{}.example.test", i));
      texts_.push_back(text_for(options, hosts_.back()));
    }
    // Short runs do not all ask for the same ones.
    at_ = static_cast<std::size_t>(Clock::now().time_since_epoch().count()) % hosts_.size();
  }

  // Which one comes next: all of them in turn, neighbours far apart.
  std::size_t next() {
    static constexpr std::size_t stride = 7919;  // a prime
    return at_ = (at_ + stride) % texts_.size();
  }
  [[nodiscard]] const std::string& host(std::size_t number) const { return hosts_[number]; }
  [[nodiscard]] const std::string& text(std::size_t number) const { return texts_[number]; }

 private:
  static std::string text_for(const Options& options, std::string_view host) {
    const bool is_upgrade = options.mode == Mode::websocket;
    const bool is_last = options.mode == Mode::fresh || options.mode == Mode::resumed;
    return fmt::format(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        "Accept-Language: en-US,en;q=0.5\r\nCookie: session=0123456789abcdef0123456789abcdef\r\n"
        "{}{}\r\n",
        options.path, host,
        is_upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                   : "",
        is_last ? "Connection: close\r\n" : "");
  }

  std::vector<std::string> hosts_;
  std::vector<std::string> texts_;
  std::size_t at_ = 0;
};

}  // namespace temps::bench
