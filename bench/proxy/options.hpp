// What the load generator is told on its command line: "--port 8080 --mode fresh --seconds 1".
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace temps::bench {

enum class Mode : std::uint8_t {
  keep_alive,  // requests one after the other on each connection
  fresh,       // a new connection for each request
  resumed,     // the same with TLS session resumption
  websocket,   // messages that come back, one after the other on each connection
  idle,        // one request on each connection, then silence
};

struct Options {
  std::uint16_t port = 0;
  bool is_tls = false;
  Mode mode = Mode::keep_alive;
  std::size_t connections = 64;
  double seconds = 1;          // after the warm-up
  double warm_up_seconds = 0;  // counted in totals, but not in latencies
  double rate = 0;             // requests per second over all connections; 0: as fast as answered
  std::string path = "/";
  std::string host = "app.example.test";
  std::size_t hosts = 0;            // more than 0: "app-0.example.test" and so on, in turn
  std::size_t message_bytes = 125;  // of a WebSocket message
};

// Nothing where the words are not understood, after saying so on stderr.
std::optional<Options> parse_options(std::span<char*> words);

}  // namespace temps::bench
