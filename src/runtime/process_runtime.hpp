// The runtime of a machine without a container engine: builds and apps are supervised processes
// with their own user (as root), folder, limits and port.
#pragma once
#include <filesystem>
#include <set>
#include <string>

#include "core/random.hpp"
#include "net/loop.hpp"
#include "runtime/instance_folder.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

struct ProcessOptions {
  // Releases lie in `releases/<project>/<deployment>/{app,home}`, instances in `instances/<name>`.
  std::filesystem::path data_folder;
  // The executable that runs shim_main() for `<program> shim <folder>`: our own.
  std::string shim_program;
  // As root, the project with id N builds and runs as user and group first_user + N.
  std::uint32_t first_user = 700'000;
};

// An instance's id is its name. An artifact is its release folder.
class ProcessRuntime final : public Runtime {
 public:
  ProcessRuntime(net::Loop& loop, ProcessOptions options);

  [[nodiscard]] std::string_view name() const override { return "process"; }
  [[nodiscard]] std::string_view caveat() const override { return caveat_; }
  Task<> check() override;
  Task<Artifact> build(BuildSpec spec, LineSink output) override;
  Task<> copy_out(std::string artifact, std::string from, std::filesystem::path to) override;
  Task<bool> has_artifact(std::string artifact) override;
  Task<> remove_artifact(std::string artifact) override;
  Task<std::filesystem::path> storage() override { co_return std::filesystem::path{}; }
  Task<> drop_build_cache() override { co_return; }
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
  struct Release;
  [[nodiscard]] Release release_of(const std::string& project, std::int64_t deployment) const;
  // 0 where we cannot become somebody else.
  [[nodiscard]] std::uint32_t user_of(std::int64_t project_id) const;
  [[nodiscard]] Result<> make_reachable() const;
  [[nodiscard]] std::string group_name(std::string_view kind, std::string_view name) const;

  Task<> prepare_release(const BuildSpec& spec, const Release& release);
  Task<> run_commands(const BuildSpec& spec, const Release& release, const LineSink& output);
  Task<> run_command(const BuildSpec& spec, const Release& release, std::string command,
                     const LineSink& output);

  [[nodiscard]] Result<InstanceFolder> folder_of(const std::string& id) const;
  [[nodiscard]] std::vector<InstanceFolder> folders() const;
  [[nodiscard]] std::set<std::uint16_t> ports_taken() const;
  [[nodiscard]] Result<ShimSpec> shim_spec(const InstanceSpec& spec) const;
  // Stores the spec and starts what it says.
  Task<> start_shim(InstanceFolder folder, ShimSpec spec);
  Task<> give_release_to(std::filesystem::path root, std::uint32_t user);
  // Where those are named whose end a later process of ours has to see to.
  [[nodiscard]] std::filesystem::path commands() const { return options_.data_folder / "commands"; }

  net::Loop& loop_;
  ProcessOptions options_;
  std::string caveat_;
  std::string process_ = random_hex(8);  // tells its one-off commands from those of others
};

}  // namespace temps::runtime
