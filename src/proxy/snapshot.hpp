// The route table made ready for look-up. Immutable; every loop has a pointer to one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "proxy/upstream.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// Upstreams by id and address, so that a new table goes on counting and pooling where the old one
// stood. Belongs to the control thread.
class UpstreamRegistry {
 public:
  explicit UpstreamRegistry(std::size_t loops) : loops_(loops) {}
  // Fails with `proxy.bad_address`.
  Result<std::shared_ptr<Upstream>> get(const routing::Upstream& wanted);
  // Forgets what no table names and nobody uses.
  void forget_unused();
  // By id, those with anything in flight.
  [[nodiscard]] std::vector<routing::UpstreamLoad> loads() const;

 private:
  std::size_t loops_;
  std::unordered_map<std::string, std::shared_ptr<Upstream>> known_;
};

using Upstreams = std::vector<std::shared_ptr<Upstream>>;

// What answers for a host.
struct Target {
  enum class Kind : std::uint8_t { app, console, tree, nothing_deployed };
  Kind kind = Kind::nothing_deployed;
  Upstreams upstreams;  // of app and console
  routing::StaticTree tree;
  std::string release;
};

class Snapshot {
 public:
  // Fails with `proxy.bad_address`.
  static Result<std::shared_ptr<const Snapshot>> compile(const routing::Table& table,
                                                         UpstreamRegistry& registry);

  [[nodiscard]] std::int64_t version() const { return version_; }
  // By the host of a request, in any case, without port, with or without a final dot; an empty host
  // (HTTP/1.0) is the console's. nullptr where the table does not know it.
  [[nodiscard]] const Target* find(std::string_view host) const;
  // Every upstream that the table names.
  [[nodiscard]] const Upstreams& upstreams() const { return all_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::int64_t version_ = 0;
  std::unordered_map<std::string, Target, Hash, std::equal_to<>> hosts_;
  std::unique_ptr<Target> console_;
  Upstreams all_;
};

}  // namespace temps::proxy
