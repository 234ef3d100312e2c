// What the operator decides about sources elsewhere.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>

#include "core/network.hpp"

namespace temps::sources {

struct Options {
  std::filesystem::path trees;        // where exported trees go
  std::filesystem::path known_hosts;  // a file: the keys that servers showed at the first time
  Networks permitted{};               // of the addresses that are refused otherwise
  std::uint64_t fetch_bytes_max = 500ULL << 20U;
  std::chrono::seconds fetch_time{900};
  std::chrono::seconds ask_time{60};
};

}  // namespace temps::sources
