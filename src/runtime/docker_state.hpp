// Reading what the engine says of a container.
#pragma once
#include <deque>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "json/json.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

// Labels by which what runs can be told apart, also when the database is lost.
namespace label {
inline constexpr const char* installation = "temps.installation";
inline constexpr const char* project = "temps.project";
inline constexpr const char* deployment = "temps.deployment";
inline constexpr const char* instance = "temps.instance";
inline constexpr const char* port = "temps.port";
inline constexpr const char* certificates = "temps.certificates";
inline constexpr const char* one_off = "temps.one-off";  // the process that began it
}  // namespace label

struct ContainerState {
  State state;
  int pid = 0;  // 0 unless it runs
  std::string id;
  std::string restart_policy;
  std::string installation;
};

// From the answer of /containers/ID/json; the address is the one in `network`.
ContainerState parse_container(const json::Value& container, const std::string& network);
// From the answer of /containers/ID/stats, of either version of control groups. Nothing for a
// container that does not run.
std::optional<Usage> parse_usage(const json::Value& stats);
// "3000/tcp" of the image's configuration, in ascending order.
std::vector<std::uint16_t> parse_exposed_ports(const json::Value& image);
Status parse_status(const std::string& engine_word);

// Counts the engine's restarts of one container over time.
class RestartWatch {
 public:
  // Has it been started again 10 times within 10 minutes?
  bool is_too_much(Instant now, int restarts);

 private:
  struct Seen {
    Instant time;
    int restarts;
  };
  std::deque<Seen> seen_;
};

}  // namespace temps::runtime
