// Where things lie in the data folder.
#pragma once
#include <filesystem>

namespace temps::app {

// The version of this layout; a folder of a newer one is refused.
inline constexpr int layout_version = 1;

struct Layout {
  std::filesystem::path root;

  [[nodiscard]] auto version_file() const { return root / "VERSION"; }
  [[nodiscard]] auto postgres() const { return root / "postgres"; }
  [[nodiscard]] auto run() const { return root / "run"; }
  [[nodiscard]] auto serve_socket() const { return run() / "serve.sock"; }
  [[nodiscard]] auto proxy_socket() const { return run() / "proxy.sock"; }
  [[nodiscard]] auto serve_lock() const { return run() / "serve.lock"; }
  [[nodiscard]] auto up_lock() const { return run() / "up.lock"; }
  [[nodiscard]] auto database_url() const { return run() / "database-url"; }
  [[nodiscard]] auto setup_link() const { return run() / "setup-link"; }
  [[nodiscard]] auto local_token() const { return run() / "local-token"; }
  [[nodiscard]] auto console_url() const { return run() / "console-url"; }
  [[nodiscard]] auto public_url() const { return run() / "public-url"; }
  [[nodiscard]] auto route_table() const { return root / "routes" / "table.json"; }
  [[nodiscard]] auto certificates() const { return root / "certificates"; }
  [[nodiscard]] auto challenges() const { return root / "challenges"; }
  [[nodiscard]] auto secrets_key() const { return root / "keys" / "secrets.key"; }
  [[nodiscard]] auto known_hosts() const { return root / "keys" / "known_hosts"; }
  [[nodiscard]] auto repositories() const { return root / "git"; }
  [[nodiscard]] auto sources() const { return root / "sources"; }
  [[nodiscard]] auto work() const { return root / "work"; }
  [[nodiscard]] auto static_sites() const { return root / "static"; }
  [[nodiscard]] auto logs() const { return root / "logs"; }
  [[nodiscard]] auto runtime() const { return root / "runtime"; }          // the one used last
  [[nodiscard]] auto build_steps() const { return root / "build-steps"; }  // in the engine's cache
  [[nodiscard]] auto request_spool() const { return root / "spool" / "requests"; }
  [[nodiscard]] auto demo_offered() const { return root / "demo-offered"; }
  [[nodiscard]] auto installation() const { return root / "installation-id"; }
};

}  // namespace temps::app
