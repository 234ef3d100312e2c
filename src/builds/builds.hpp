// Builds: from the tree of a commit to something that runs. Looks at the tree (detect), lets the
// runtime build it, and takes static output out.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/task.hpp"
#include "detect/detect.hpp"
#include "files/files.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"

namespace temps::builds {

struct Options {
  std::filesystem::path folder;         // for unpacked sources, removed after each build
  std::filesystem::path static_folder;  // static sites live below; the proxy serves from here
  detect::BaseImages base_images{};
  runtime::Limits limits{};  // of one build
  std::chrono::seconds time_limit{1800};
  std::size_t at_once = 2;
  // A build is refused when less is free: it would fill the disk under the running apps.
  std::uint64_t free_bytes_min = 2ULL << 30U;
  std::filesystem::path extra_certificates{};  // trusted by build steps, too; empty: none
  // What this machine trusts: programs take one file of certificates only, so both go into one.
  std::filesystem::path certificates = "/etc/ssl/certs/ca-certificates.crt";
  // How full the disk is: tests have their own answer.
  std::function<Result<files::Space>(const std::filesystem::path&)> space_of = files::space;
};

enum class Step : std::uint8_t { detecting, building };

struct Request {
  std::string project;
  std::int64_t project_id = 0;
  std::int64_t deployment = 0;
  std::filesystem::path source;  // tar file of the tree
  detect::Settings settings{};
  std::map<std::string, std::string> arguments{};  // variables of the build alone
  // The app's own ones, no secrets: they may stay in what is built. `arguments` count more.
  std::map<std::string, std::string> variables{};
  // By Temps: for commands, and for a Dockerfile that asks for them.
  std::map<std::string, std::string> provided{};
  // Told when a step begins, the first one when it is this build's turn; the build waits for it and
  // fails as it does.
  std::function<Task<>(Step)> reached{};
};

struct Built {
  std::string provider;
  std::string artifact{};               // empty for a static tree that needs no build
  std::filesystem::path static_root{};  // set: the proxy serves it, nothing has to run
  bool single_page = false;
  std::string start_command{};
  std::map<std::string, std::string> variables{};
  std::vector<std::uint16_t> exposed_ports{};
};

class Builder {
 public:
  Builder(net::Loop& loop, runtime::Runtime& runtime, const Options& options)
      : loop_(loop), runtime_(runtime), options_(options) {}

  // `say` gets our own steps ("detected Node.js …"), `output` the build's lines. Waits while
  // `at_once` others build. Fails with `builds.disk_full`, `builds.empty_tree`,
  // `builds.empty_static_output`, and what detect and the runtime fail with.
  Task<Built> build(Request request, runtime::LineSink say, runtime::LineSink output);

  // For an image where the runtime keeps those, by dropping the build cache where that is needed.
  // Fails with `builds.disk_full`.
  Task<> make_room(runtime::LineSink say);

  // What build() left of this deployment outside the runtime.
  Task<> remove_static(std::string project, std::int64_t deployment);

 private:
  Task<Built> build_in(std::filesystem::path work, const Request& request,
                       const runtime::LineSink& say, const runtime::LineSink& output);
  Task<> remove(std::filesystem::path folder);
  Result<> check_space() const;
  Result<> check_index(const std::filesystem::path& root, const detect::Plan& plan) const;
  Result<> write_certificates(const std::filesystem::path& to) const;
  [[nodiscard]] std::filesystem::path static_root(const Request& request) const;
  Task<detect::BaseImages> images(const detect::Plan& plan);
  Task<Built> take_tree(const Request& request, const detect::Plan& plan,
                        std::filesystem::path context, const runtime::LineSink& say);
  Task<> precompress_site(std::filesystem::path root, const runtime::LineSink& say);
  Task<Built> build_image(const Request& request, const detect::Plan& plan,
                          std::filesystem::path context, const runtime::LineSink& say,
                          const runtime::LineSink& output);
  Task<Built> build_folder(const Request& request, const detect::Plan& plan,
                           std::filesystem::path context, const runtime::LineSink& output);
  Task<Built> take_output(const Request& request, const detect::Plan& plan, Built built,
                          const runtime::LineSink& say);

  net::Loop& loop_;
  runtime::Runtime& runtime_;
  const Options& options_;
  std::size_t running_ = 0;
  Signal turn_;
};

}  // namespace temps::builds
