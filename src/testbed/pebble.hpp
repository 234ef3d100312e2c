// Debian's pebble as a certificate authority of a test: real checks, nothing remembered.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/task.hpp"
#include "files/files.hpp"
#include "net/loop.hpp"
#include "process/process.hpp"
#include "testbed/authority.hpp"

namespace temps::testbed {

struct PebbleOptions {
  std::string dns_server;          // who is asked about names: DnsPeer::address()
  std::uint16_t http_port = 1;     // in place of 80
  std::uint16_t tls_port = 1;      // in place of 443
  int nonces_refused_percent = 5;  // as it does by itself
  bool external_account = false;   // "kid-1" with `external_hmac_key` only
};

class Pebble {
 public:
  static constexpr auto external_hmac_key =
      "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

  // Ends when it answers. Fails with `process.not_found` where it is not installed.
  static Task<Pebble> start(net::Loop& loop, PebbleOptions options);

  [[nodiscard]] std::string directory_url() const;
  // A PEM file with who vouches for its address.
  [[nodiscard]] std::filesystem::path ca_file() const { return folder_->path() / "ca.pem"; }
  // The root of what it issues, as PEM.
  Task<std::string> issuing_root();
  Task<> stop();

 private:
  Pebble(net::Loop& loop, std::uint16_t port, std::uint16_t management_port);
  Task<> prepare(PebbleOptions options);
  Task<> launch(PebbleOptions options);
  Task<> until_it_answers();

  net::Loop* loop_;
  std::uint16_t port_;
  std::uint16_t management_port_;
  std::unique_ptr<files::TemporaryFolder> folder_ = std::make_unique<files::TemporaryFolder>();
  std::optional<process::Child> child_;
};

}  // namespace temps::testbed
