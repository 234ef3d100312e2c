// A machine with Temps on it, in a folder of its own: data, home, checkouts, what was printed.
// Everything ends with the object, and no secret may stand in anything that was written.
#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/files.hpp"
#include "net/loop.hpp"
#include "system/program.hpp"
#include "system/web.hpp"

namespace temps::e2e {

// The program under test.
std::string temps_binary();
// A folder of examples/.
std::string example(std::string_view name);

struct Deployment {
  std::int64_t number = 0;
  std::string status;
  std::string trigger;
  bool live = false;
  std::optional<std::string> error_code;
  std::optional<std::string> error;
  [[nodiscard]] bool has_ended() const;
};

class World {
 public:
  struct Options {
    std::string runtime = "process";
    Variables variables{};  // of `temps up`
    Words words{};          // more of `temps up`
    std::string data{};     // a folder, else one inside the world's
  };

  explicit World(Options options);
  World() : World(Options{}) {}
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Of `temps up`, from the next start on.
  void set_variable(const std::string& name, std::string value) {
    options_.variables[name] = std::move(value);
  }
  // Starts `temps up` and waits until it is ready; false when it ends or takes a minute.
  bool start();
  void stop();  // as Ctrl-C does
  // SIGKILL for `up` and every process and container that belongs to it, apps and database, too.
  void kill_everything();
  // The process of a part: "serve", "proxy", "postgres".
  [[nodiscard]] int pid_of(std::string_view part);
  void kill_part(std::string_view part);

  // The owner, logged in at the CLI. Once per world.
  void make_owner();

  Outcome temps(Words words, std::string input = {});
  Outcome run(Words command, std::string folder = "/", std::string input = {});
  [[nodiscard]] Call call(Words command, std::string folder = "/") const;
  // In the background; its outputs are files called after `name`.
  Background begin(Words command, const std::string& name, std::string folder = "/");

  // What a visitor of `project` sees.
  Answer visit(std::string_view project, std::string target = "/");
  // The API as the owner.
  Answer api(std::string method, std::string target, std::string body = {});
  std::vector<Deployment> deployments(const std::string& project);
  // The newest one.
  Deployment newest(const std::string& project);
  // Waits for its end; its last state.
  Deployment ended(const std::string& project, std::chrono::seconds limit = 60s);

  // Must not appear in anything written from now on.
  void keep_secret(std::string text);
  void note(std::string_view what, std::string_view text);  // into the transcript

  [[nodiscard]] net::Loop& loop() { return loop_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string host(std::string_view project) const;
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path data() const { return data_; }
  [[nodiscard]] const std::string& token() const { return token_; }
  [[nodiscard]] const std::string& runtime() const { return options_.runtime; }
  [[nodiscard]] std::string installation() const;
  [[nodiscard]] Background& up() { return *up_; }
  [[nodiscard]] std::string printed() const;  // what `temps up` printed

  static constexpr std::string_view email = "owner@example.com";
  static constexpr std::string_view password = "Correct-Horse-77";

 private:
  void end_leftovers();
  void check_secrets();
  void show_logs();

  net::Loop loop_;
  Options options_;
  files::TemporaryFolder folder_;
  std::filesystem::path data_;
  std::uint16_t port_ = 0;
  std::optional<Background> up_;
  std::string token_;
  std::vector<std::string> secrets_;
};

}  // namespace temps::e2e
