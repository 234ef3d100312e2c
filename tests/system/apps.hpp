// Small apps that behave as a test needs them to.
#pragma once
#include <string_view>

#include "system/checkout.hpp"

namespace temps::e2e {

// A Node app without dependencies that shows `page`. /slow answers after 100 ms, /long after 4 s,
// /stream sends 20 pieces in 4 s, a POST is told how many bytes came,
// /exit ends the process, /ws echoes WebSocket messages.
struct NodeApp {
  std::string_view page = "one";
  std::string_view build{};   // the build script
  std::string_view before{};  // JavaScript before it listens
  std::string_view listen = "process.env.PORT";
};
void write_node_app(Checkout& checkout, const NodeApp& app);

}  // namespace temps::e2e
