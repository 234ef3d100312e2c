// A private PostgreSQL server: made, started, watched and stopped by us, reachable over a unix
// socket by root and its own user only.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "postgres/errors.hpp"

namespace temps::postgres {

// `none` loses data in a power cut; for tests.
enum class Durability : std::uint8_t { full, none };
// What becomes of the server when our process dies without stopping it. A server that goes on is
// stopped by the next start.
enum class WhenWeDie : std::uint8_t { goes_on, is_killed };

struct Options {
  // Holds everything of the server: data/, run/ (the socket), its settings and its log. Made when
  // missing; the folders above must let the server's user through (mode 0711 or more).
  std::filesystem::path folder;
  // Where the socket lies; empty: `folder`/run, or a short one under /run or /tmp when that path is
  // longer than a socket's may be.
  std::filesystem::path socket_folder{};
  Durability durability = Durability::full;
  WhenWeDie when_we_die = WhenWeDie::goes_on;
  // Where the server's programs are, instead of PATH and the usual folders.
  std::optional<std::vector<std::filesystem::path>> program_folders{};
  // The accounts to run it as when we are root, in order of preference.
  std::vector<std::string> accounts{"temps-db", "postgres"};
};

// A running server. A resource. Destroying it kills the server, which then recovers at its next
// start: end it with stop().
class Cluster {
 public:
  // Ends when connections are answered and the database "temps" exists. Makes the data folder at
  // the first start; recovery after a crash may take minutes. Fails with `not_installed`,
  // `wrong_version`, `no_user`, `bad_folder`, `cannot_start`, `files.locked`.
  static Task<std::unique_ptr<Cluster>> start(net::Loop& loop, Options options);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Starts the server again whenever it dies, with growing pauses, and keeps its log small. Runs
  // until it is cancelled or stop() is called.
  Task<> supervise();
  // Ends connections, writes everything out and ends the server. May be called again.
  Task<> stop();

  // A libpq connection string.
  [[nodiscard]] std::string url(std::string_view database = "temps") const;
  // Of the server's first process; 0 while it is down.
  [[nodiscard]] int pid() const;
  [[nodiscard]] int major_version() const;
  [[nodiscard]] std::filesystem::path log_file() const;

 private:
  struct Impl;
  explicit Cluster(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace temps::postgres
