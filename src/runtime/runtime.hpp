// The seam to what runs workloads: a container engine, or supervised processes where there is none.
// The pipeline knows only this file.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"
#include "runtime/image_reference.hpp"

namespace temps::runtime {

// Gets output as it comes, whole lines without their newline. Must not block.
using LineSink = std::function<void(std::string_view line)>;

struct Limits {
  std::uint64_t memory_bytes = 0;  // 0: no limit
  double cpus = 0;                 // 0: no limit
  std::uint64_t pids = 0;
};

// How to make an artifact from a source folder.
struct BuildSpec {
  std::string project;
  std::int64_t project_id = 0;  // decides the user of the process runtime
  std::int64_t deployment = 0;
  std::filesystem::path
      source;                // unpacked tree; the process runtime builds and runs in a copy of it
  std::string dockerfile{};  // path inside the source, or
  std::string dockerfile_text{};  // the text we wrote (docker only)
  std::vector<std::string>
      commands{};  // process runtime: install and build, in order, by /bin/sh -c
  std::map<std::string, std::string>
      environment{};  // of those commands; build arguments for docker
  // Docker only: more build arguments, of which a Dockerfile gets those that it declares.
  std::map<std::string, std::string> variables{};
  Limits limits{};
  std::chrono::seconds time_limit{1800};
  // PEM file with all certificates that the steps are to trust; empty: those of the image. Docker
  // only: commands get it by their environment.
  std::filesystem::path certificates{};
};

// Where programs look for the name of the file with the certificates to trust.
inline constexpr std::array certificate_variables{
    "SSL_CERT_FILE",  "NODE_EXTRA_CA_CERTS", "PIP_CERT",         "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE", "GIT_SSL_CAINFO",      "npm_config_cafile"};

// What a build leaves: an image id (by digest) or a release folder.
struct Artifact {
  std::string reference;                       // "sha256:…" or the folder's path
  std::vector<std::uint16_t> exposed_ports{};  // EXPOSE of the image
  std::string digest{};  // of one that was pulled: "nginx@sha256:…", the same in every registry
};

// Who we are to a registry.
struct RegistryLogin {
  std::string user{};  // empty: nobody
  Secret password{};
};

// An image that a registry has.
struct PullSpec {
  std::string project;
  std::int64_t deployment = 0;
  std::string image;  // "nginx:1.25", "ghcr.io/ann/shop@sha256:…"
  RegistryLogin login{};
  std::chrono::seconds time_limit{1800};
};

enum class RestartPolicy : std::uint8_t {
  never,
  unless_stopped
};  // with back-off; gives up at 10 in 10 minutes

struct InstanceSpec {
  std::string name;     // "shop-production-12-1"; unique on this machine and installation
  std::string project;  // network and user are per project
  std::int64_t project_id = 0;
  std::int64_t deployment = 0;
  std::string artifact;                              // Artifact::reference
  std::string start_command{};                       // empty: the image's own command (docker)
  std::map<std::string, std::string> environment{};  // without PORT
  std::uint16_t port =
      3000;  // the port wanted inside; the process runtime chooses a free one and sets PORT to it
  Limits limits{};
};

// A started instance. `id` is what the other calls take: a container id, or the instance's name.
struct Instance {
  std::string id;
  std::string address;  // "172.18.0.3:3000": where the proxy reaches it
  std::uint16_t port = 0;
};

enum class Status : std::uint8_t { running, exited, missing };

struct State {
  Status status = Status::missing;
  int exit_code = 0;
  bool out_of_memory = false;
  std::string address{};  // may change when the engine restarts
  std::vector<std::uint16_t>
      listening{};  // TCP ports that the workload listens on (observed), if known
  bool listens_on_loopback_only = false;  // docker: the proxy cannot reach it then
  int restarts = 0;
};

struct Listed {
  std::string id;
  std::string name;
  std::string project;
  std::int64_t deployment = 0;
  Status status = Status::missing;
};

// What an instance takes of the machine.
struct Usage {
  std::string id;
  std::chrono::microseconds cpu{0};    // processor time since it was started, of all its processes
  std::uint64_t memory_bytes = 0;      // without what the kernel may drop: its cache of files
  std::uint64_t memory_bytes_max = 0;  // 0: no limit
};

// Of a terminal, in characters.
struct TerminalSize {
  std::uint16_t columns = 80;
  std::uint16_t rows = 24;
};

// What somebody runs in the surroundings of an app.
struct Command {
  std::vector<std::string> words;
  std::optional<TerminalSize> terminal{};            // none: its three streams are pipes
  std::map<std::string, std::string> environment{};  // beside the app's, such as TERM
};

// A command that runs. A resource; end() has to have ended before it is destroyed.
class RunningCommand {
 public:
  struct Output {
    bool is_error_stream = false;  // never with a terminal, which is one stream
    std::string bytes;
  };
  virtual ~RunningCommand() = default;
  // What it has written since; no bytes when nothing more will come. What nobody reads holds the
  // command up.
  virtual Task<Output> read() = 0;
  // Ends when the command, or the kernel for it, has taken all. Fails with `net.broken` when it
  // reads no more.
  virtual Task<> write(std::string_view bytes) = 0;
  // Nothing more will be written. At a terminal that is said by a character, and this does nothing.
  virtual Task<> end_input() = 0;
  virtual Task<> resize(TerminalSize size) = 0;
  // When it has ended; 128 + signal when it was killed.
  virtual Task<int> exit_code() = 0;
  // Ends what still runs of it: as when its terminal is closed, and two seconds later for good. A
  // one-off instance is removed.
  virtual Task<> end() = 0;
};

struct LogLine {
  Instant time;
  bool is_error_stream = false;
  std::string text;
};

// Every call may fail with `runtime.unavailable` (the engine does not answer; says how to start
// it).
class Runtime {
 public:
  virtual ~Runtime() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;  // "docker", "process"
  // What the user should know of its isolation, for the console; empty when nothing is missing.
  [[nodiscard]] virtual std::string_view caveat() const = 0;

  // Is it there? Fails with `runtime.unavailable`.
  virtual Task<> check() = 0;

  // Fails with `runtime.build_failed` (step and exit code), `runtime.build_timed_out`,
  // `runtime.base_image_missing`. Cancelling stops the build and leaves nothing behind.
  virtual Task<Artifact> build(BuildSpec spec, LineSink output) = 0;
  // Brings an image here and keeps it under a name of this deployment. Fails with
  // `runtime.bad_image`, `runtime.pull_failed` (and says whether credentials are missing), and with
  // `runtime.needs_engine` where no images run.
  virtual Task<Artifact> pull(PullSpec spec, LineSink output);
  // Copies a folder out of an artifact (static output of a build). `from` is relative to the app's
  // folder (/app). Links that leave it are left out. Fails with `runtime.nothing_built`,
  // `runtime.no_such_artifact`.
  virtual Task<> copy_out(std::string artifact, std::string from, std::filesystem::path to) = 0;
  // Is the artifact still here?
  virtual Task<bool> has_artifact(std::string artifact) = 0;
  virtual Task<> remove_artifact(std::string artifact) = 0;

  // The folder of this machine that builds fill besides the data folder; empty where there is none
  // or it is not known.
  virtual Task<std::filesystem::path> storage() = 0;
  // Gives up what is kept only to make the next builds faster, unless builds run.
  virtual Task<> drop_build_cache() = 0;

  // Starts beside whatever runs. An existing instance of the same name is replaced. Fails with
  // `runtime.start_failed`.
  virtual Task<Instance> start(InstanceSpec spec) = 0;
  // Fails with `runtime.no_such_instance`.
  virtual Task<> set_restart_policy(std::string id, RestartPolicy policy) = 0;
  virtual Task<State> inspect(std::string id) = 0;
  // The workload's own stop signal, after `grace` SIGKILL; then removed with its anonymous volumes.
  // Fine when missing.
  virtual Task<> stop_and_remove(std::string id, std::chrono::seconds grace) = 0;
  // Stops without removing; start_again() continues it. Fine when missing.
  virtual Task<> stop(std::string id, std::chrono::seconds grace) = 0;
  // Its address may be another one afterwards: inspect() tells. Fails with `runtime.start_failed`,
  // `runtime.no_such_instance`, `runtime.no_such_artifact`.
  virtual Task<> start_again(std::string id) = 0;
  // Everything this installation started (by label or folder).
  virtual Task<std::vector<Listed>> list() = 0;
  // Nothing where it does not run.
  virtual Task<std::optional<Usage>> usage(std::string id) = 0;
  // Calls `sink` with the instance's lines from `since` on, live, through restarts and stops, until
  // the instance is removed or the task is cancelled.
  virtual Task<> follow(std::string id, Instant since, std::function<void(LogLine)> sink) = 0;

  // Starts a command inside a running instance, as the app's user, with its variables and limits.
  // Fails with `runtime.no_such_instance`, `runtime.command_failed`.
  virtual Task<std::unique_ptr<RunningCommand>> execute(std::string id, Command command) = 0;
  // Starts a command in an instance of its own, which list() does not show and which ends with it;
  // `spec.start_command` does not count. Fails with `runtime.command_failed`,
  // `runtime.no_such_artifact`.
  virtual Task<std::unique_ptr<RunningCommand>> run_once(InstanceSpec spec, Command command) = 0;
  // Ends the commands of a former process of ours, which could not do it itself.
  virtual Task<> end_forgotten_commands() = 0;
};

// Where Docker listens unless DOCKER_HOST names another unix socket.
inline constexpr std::string_view default_docker_socket = "/var/run/docker.sock";
// The socket that the text of a DOCKER_HOST variable names.
std::string docker_socket(std::string_view docker_host);
// Whether an engine answers there, within two seconds.
Task<bool> docker_answers(net::Loop& loop, std::string socket);

// Makes an image of a root file system. Fails with `runtime.unavailable`, `runtime.import_failed`.
struct ImageImport {
  std::string socket{default_docker_socket};
  std::filesystem::path archive;       // a tar file
  std::string name;                    // "temps-base/debian:12"
  std::vector<std::string> changes{};  // as in a Dockerfile: "ENV A=b"
};
Task<> import_image(net::Loop& loop, ImageImport import);

namespace errors {
inline constexpr ErrorCode unavailable{"runtime.unavailable", ErrorKind::unavailable,
                                       "The container engine does not answer"};
inline constexpr ErrorCode build_failed{"runtime.build_failed", ErrorKind::invalid,
                                        "The build failed"};
inline constexpr ErrorCode build_timed_out{"runtime.build_timed_out", ErrorKind::timeout,
                                           "The build took too long"};
inline constexpr ErrorCode base_image_missing{
    "runtime.base_image_missing", ErrorKind::unavailable,
    "A base image is missing and no registry can be reached"};
inline constexpr ErrorCode bad_image{"runtime.bad_image", ErrorKind::invalid,
                                     "This is not the name of an image"};
inline constexpr ErrorCode pull_failed{"runtime.pull_failed", ErrorKind::invalid,
                                       "The image could not be pulled"};
inline constexpr ErrorCode needs_engine{"runtime.needs_engine", ErrorKind::invalid,
                                        "Images need a container engine"};
inline constexpr ErrorCode start_failed{"runtime.start_failed", ErrorKind::invalid,
                                        "The app could not be started"};
inline constexpr ErrorCode no_such_artifact{"runtime.no_such_artifact", ErrorKind::gone,
                                            "The release's build result is gone"};
inline constexpr ErrorCode no_such_instance{"runtime.no_such_instance", ErrorKind::gone,
                                            "There is no such instance"};
inline constexpr ErrorCode command_failed{"runtime.command_failed", ErrorKind::invalid,
                                          "The command could not be started"};
inline constexpr ErrorCode import_failed{"runtime.import_failed", ErrorKind::internal,
                                         "The engine did not take the image"};
inline constexpr ErrorCode nothing_built{"runtime.nothing_built", ErrorKind::invalid,
                                         "The build left no such folder"};
}  // namespace errors

}  // namespace temps::runtime
