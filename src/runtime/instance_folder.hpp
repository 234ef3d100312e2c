// The folder of one instance of the process runtime: what the runtime and the shim tell each other.
//
//   spec.json   what to run, by the runtime (0600: it holds the app's environment)
//   state.json  what became of it, by the shim
//   restart     "never" or "unless_stopped", by the runtime, followed by SIGHUP
//   grace       seconds between SIGTERM and SIGKILL, by the runtime
//   lock        held by the shim as long as it lives
//   output.log  see output_log.hpp
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/process_table.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

struct ShimSpec {
  std::string name;
  std::string project;
  std::int64_t deployment = 0;
  std::string command;  // by /bin/sh -c
  std::string folder;
  std::map<std::string, std::string> environment;  // complete but for PORT
  std::uint16_t port = 0;
  // 0: nobody else than who starts it
  std::uint32_t user = 0;
  std::vector<std::string> control_group;
  Limits limits;
};

enum class Phase : std::uint8_t { running, waiting, stopping, exited };

struct ShimState {
  Phase phase = Phase::exited;
  ProcessMark shim;
  ProcessMark app;
  int exit_code = 0;
  bool out_of_memory = false;
  int restarts = 0;
};

class InstanceFolder {
 public:
  explicit InstanceFolder(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] bool exists() const;

  [[nodiscard]] Result<ShimSpec> spec() const;
  [[nodiscard]] Result<> store(const ShimSpec& spec) const;
  // Nothing while no shim has ever run here.
  [[nodiscard]] std::optional<ShimState> state() const;
  [[nodiscard]] Result<> store(const ShimState& state) const;
  [[nodiscard]] RestartPolicy restart_policy() const;
  [[nodiscard]] Result<> store(RestartPolicy policy) const;
  [[nodiscard]] std::chrono::seconds grace() const;
  [[nodiscard]] Result<> store(std::chrono::seconds grace) const;
  [[nodiscard]] std::filesystem::path lock() const { return path_ / "lock"; }

 private:
  std::filesystem::path path_;
};

}  // namespace temps::runtime
