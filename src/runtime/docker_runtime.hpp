// The runtime of a machine with a container engine: images and containers over the Docker Engine
// API.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "net/loop.hpp"
#include "runtime/docker_api.hpp"
#include "runtime/docker_build_stream.hpp"
#include "runtime/docker_cache.hpp"
#include "runtime/docker_container.hpp"
#include "runtime/docker_state.hpp"
#include "runtime/dockerfile.hpp"
#include "runtime/image_reference.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

struct DockerOptions {
  std::string socket{default_docker_socket};
  // Tells this installation's containers, images and networks from others of the same engine; a
  // short word of lower-case letters and digits.
  std::string installation;
  // For build contexts and copies on their way.
  std::filesystem::path work_folder = std::filesystem::temp_directory_path();
  // A file that says which of the engine's images are steps of our builds; empty: they are not
  // collected.
  std::filesystem::path step_ledger{};
  // What those that no release stands on may take together; the least recently used go first.
  std::uint64_t build_cache_bytes_max = 10'240ULL << 20U;
};

// An instance's id is its container's; an artifact is an image's id.
class DockerRuntime final : public Runtime {
 public:
  DockerRuntime(net::Loop& loop, DockerOptions options);

  [[nodiscard]] std::string_view name() const override { return "docker"; }
  [[nodiscard]] std::string_view caveat() const override { return {}; }
  Task<> check() override;
  Task<Artifact> build(BuildSpec spec, LineSink output) override;
  Task<Artifact> pull(PullSpec spec, LineSink output) override;
  Task<> copy_out(std::string artifact, std::string from, std::filesystem::path to) override;
  // Takes any name of an image.
  Task<bool> has_artifact(std::string artifact) override;
  // Leaves images alone that this installation has neither built nor pulled.
  Task<> remove_artifact(std::string artifact) override;
  Task<std::filesystem::path> storage() override;
  Task<> drop_build_cache() override;
  Task<Instance> start(InstanceSpec spec) override;
  Task<> set_restart_policy(std::string id, RestartPolicy policy) override;
  Task<State> inspect(std::string id) override;
  Task<> stop_and_remove(std::string id, std::chrono::seconds grace) override;
  Task<> stop(std::string id, std::chrono::seconds grace) override;
  Task<> start_again(std::string id) override;
  Task<std::vector<Listed>> list() override;
  Task<std::optional<Usage>> usage(std::string id) override;
  Task<> follow(std::string id, Instant since, std::function<void(LogLine)> sink) override;
  Task<std::unique_ptr<RunningCommand>> execute(std::string id, Command command) override;
  Task<std::unique_ptr<RunningCommand>> run_once(InstanceSpec spec, Command command) override;
  Task<> end_forgotten_commands() override;

 private:
  // A call that must not fail for another reason than `missing` says; true when it found its
  // object.
  Task<bool> found(DockerCall call);
  Task<DockerAnswer> succeed(DockerCall call, const ErrorCode& otherwise);

  Task<Artifact> build_in_turn(const BuildSpec& spec, const LineSink& output);
  Task<SentDockerfile> dockerfile_of(const BuildSpec& spec);
  Task<std::string> run_build(const BuildSpec& spec, const SentDockerfile& dockerfile,
                              std::filesystem::path context, const LineSink& output);
  [[nodiscard]] std::string build_target(const BuildSpec& spec,
                                         const SentDockerfile& dockerfile) const;
  // The name of an image that holds these certificates and nothing else; made where it is missing.
  Task<std::string> ensure_certificates(std::filesystem::path certificates);

  StepLedger& steps();
  void note_step(std::string_view image, StepImage origin, std::int64_t build_began_s);
  Task<> collect(std::uint64_t cache_bytes_max);
  Task<> collect_after_build();
  Task<bool> remove_image(std::string image);
  Task<> remove_old_certificates(const std::vector<EngineImage>& images);

  // The name under which an image that was pulled is kept.
  [[nodiscard]] std::string kept_name(const std::string& project, std::int64_t deployment) const;
  [[nodiscard]] bool is_pulled(const std::string& artifact) const;
  Task<> run_pull(const PullSpec& spec, const ImageReference& image, const LineSink& output);
  Task<> forget_pulled(std::string artifact);
  Task<Artifact> inspect_image(std::string image);
  Task<> fetch_folder(std::string container, std::string from, std::filesystem::path archive);

  [[nodiscard]] std::string network_of(const std::string& project) const;
  [[nodiscard]] std::string container_name(const std::string& instance) const;
  [[nodiscard]] ContainerOwner owner_of(const InstanceSpec& spec) const;
  class ExecutedCommand;
  class OneOffCommand;
  Task<std::string> create_one_off(const InstanceSpec& spec, const Command& command);
  Task<> remove_one_off(std::string id, std::string project);
  Task<> ensure_network(std::string project);
  Task<> remove_unused_network(std::string project);
  Task<> free_name(std::string name);
  Task<std::string> create_container(const InstanceSpec& spec);
  Task<std::string> start_in_network(const InstanceSpec& spec);
  // Nothing when there is no such container of ours.
  Task<std::optional<ContainerState>> find_container(std::string id);
  Task<> update_policy(std::string id, RestartPolicy policy);
  Task<> give_up_if_hopeless(const ContainerState& container);

  struct LogPosition;
  Task<> follow_once(const std::string& id, LogPosition& position,
                     const std::function<void(LogLine)>& sink);

  net::Loop& loop_;
  DockerOptions options_;
  DockerApi api_;
  SystemClock clock_;
  // A network must not go away between the look at it and the start of its next container.
  Mutex networks_;
  std::map<std::string, RestartWatch> restarts_;
  // Images are collected while nothing is built, and nothing is built while they are.
  Mutex collecting_;
  int builds_running_ = 0;
  std::optional<StepLedger> steps_;
  std::string certificates_image_;       // of the builds that this process has run
  std::string process_ = random_hex(8);  // tells its one-off containers from those of others
};

}  // namespace temps::runtime
