// TCP ports for apps that share the machine's network.
#pragma once
#include <cstdint>
#include <set>

#include "core/result.hpp"

namespace temps::runtime {

// Below the range from which the kernel takes ports for outgoing connections, so that an app finds
// its port free when it is started again.
inline constexpr std::uint16_t first_app_port = 20'000;
inline constexpr std::uint16_t last_app_port = 29'999;

// Does nothing listen on this port, on any address?
bool is_port_free(std::uint16_t port);
// A free port that is not in `taken`. Fails with `runtime.start_failed` when there is none left.
Result<std::uint16_t> choose_port(const std::set<std::uint16_t>& taken);

}  // namespace temps::runtime
