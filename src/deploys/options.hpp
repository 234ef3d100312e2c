// What the operator decides about deployments.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace temps::deploys {

struct Options {
  std::string domain = "localhost";  // apps live at <project>.<domain>
  std::string scheme = "http";
  std::uint16_t port = 8080;       // of the proxy, as users see it
  std::chrono::seconds watch{60};  // a fresh release that crashes within this goes back
  std::chrono::seconds stop_grace{30};
  // What a failed deployment may wait for the runtime before its push is told.
  std::chrono::seconds clean_up_time{30};
  std::int64_t builds_kept = 5;                    // per environment, besides the live one
  std::string sources{};                           // folder of the trees to deploy
  std::uint64_t upload_bytes_max = 500ULL << 20U;  // of a packed folder
  // An upload is refused when less is free, or less than a tenth of a smaller disk.
  std::uint64_t upload_free_bytes_min = 2ULL << 30U;
};

}  // namespace temps::deploys
