// Reads the table file, compiles it and puts it in force in every loop. Belongs to the control
// thread.
#pragma once
#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/worker.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

class AccessLog;

class TableHolder {
 public:
  // What the report tells besides. `access_log` may be nullptr; it is only asked for its counts.
  struct Told {
    const AccessLog* access_log = nullptr;
    std::optional<routing::KernelTls> kernel_tls{};
  };
  TableHolder(std::string path, const std::vector<std::unique_ptr<Worker>>& workers, Told told);

  // Reads the file and returns when every loop serves from it. `version_min` is what it must hold
  // at least. On failure the old table stays in force. Fails with `files.not_found`,
  // `routing.bad_table`, `proxy.bad_address`, `proxy.old_table`, `proxy.not_in_force`.
  Result<> load(std::optional<std::int64_t> version_min = {});
  // Loads the file if it has changed since the last look; failures go to the log, once per change.
  void look();

  // With what `request` asks for beyond that.
  [[nodiscard]] routing::ControlReply status(const routing::ControlRequest& request = {});
  // Of the table in force; 0: none.
  [[nodiscard]] std::int64_t version() const {
    return current_ == nullptr ? 0 : current_->version();
  }

 private:
  struct Stamp {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    bool operator==(const Stamp&) const = default;
  };
  [[nodiscard]] std::optional<Stamp> stamp() const;
  Result<> publish(std::shared_ptr<const Snapshot> snapshot);

  std::string path_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  const Told told_;
  [[nodiscard]] routing::Report report() const;

  const TimePoint start_ = std::chrono::steady_clock::now();
  Registries registries_;
  std::shared_ptr<const Snapshot> current_;
  std::string loaded_text_;  // of the table in force
  std::optional<Stamp> seen_;
  std::string failure_;  // of the last load; empty when it went well
};

}  // namespace temps::proxy
