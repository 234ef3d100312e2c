#include "baseimages/baseimages.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "baseimages/errors.hpp"
#include "baseimages/sources.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"

namespace temps::baseimages {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes command_limit{30};
constexpr std::size_t line_bytes_max = 4096;

struct Recipe {
  std::string name;
  std::vector<std::string> packages;  // beyond Debian's smallest system and certificates
  std::vector<std::string> changes;
};

const std::vector<std::string> usual_environment{
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ENV LANG=C.UTF-8"};

Recipe debian() { return {"temps-base/debian:12", {}, {R"(CMD ["bash"])"}}; }
Recipe node() { return {"temps-base/node:18", {"nodejs", "npm"}, {R"(CMD ["node"])"}}; }
Recipe python() {
  // Debian's pip refuses to install beside packages of the system unless told.
  return {"temps-base/python:3.11",
          {"python3", "python3-venv", "python3-pip", "python-is-python3"},
          {"ENV PIP_BREAK_SYSTEM_PACKAGES=1", R"(CMD ["python3"])"}};
}

std::vector<Recipe> recipes(Which which) {
  switch (which) {
    case Which::debian:
      return {debian()};
    case Which::node:
      return {node()};
    case Which::python:
      return {python()};
    case Which::all:
      break;
  }
  return {debian(), node(), python()};
}

// One round of making images: the machine, the smallest system, and where to tell.
struct Workshop {
  net::Loop& loop;
  const Options& options;
  const runtime::LineSink& output;
  Sources sources;
  fs::path folder;
  [[nodiscard]] fs::path smallest() const { return folder / "debian"; }
};

Task<> pass_on(net::Descriptor& from, const runtime::LineSink& output) {
  std::array<char, 8192> buffer;
  std::string rest;
  while (const auto count = co_await from.read_some(buffer)) {
    rest.append(buffer.data(), count);
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      output(std::string_view(rest).substr(0, std::min(end, line_bytes_max)));
      rest.erase(0, end + 1);
    }
    if (rest.size() > line_bytes_max) rest.resize(line_bytes_max);
  }
}

Task<> run(const Workshop& workshop, std::vector<std::string> command, std::string what) {
  auto environment = process::base_environment();
  environment["DEBIAN_FRONTEND"] = "noninteractive";
  environment["LC_ALL"] = "C.UTF-8";
  auto child = co_await process::Child::start(workshop.loop, {.command = std::move(command),
                                                              .environment = std::move(environment),
                                                              .merge_err_into_out = true,
                                                              .dies_with_parent = true,
                                                              .nice = 10});
  co_await pass_on(*child.out(), workshop.output);
  const auto exit = co_await child.wait();
  if (exit.is_success()) co_return;
  co_await fail(errors::failed, "{} failed with {}; its output above says why", what, exit.text());
}

// Mounts made inside vanish with their namespace: nothing of this machine is ever below a folder
// that is removed.
std::vector<std::string> alone(std::vector<std::string> command) {
  std::vector<std::string> whole{"unshare", "--mount", "--propagation", "private", "--"};
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

constexpr const char* install_script = R"sh(
set -e
root=$1; shift
mount -t proc proc "$root/proc"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"; chmod 755 "$root/usr/sbin/policy-rc.d"
if [ ! -e "$root/etc/ssl/certs/ca-certificates.crt" ] && [ -e /etc/ssl/certs/ca-certificates.crt ]; then
  mkdir -p "$root/etc/ssl/certs"; cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
fi
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
apt() { chroot "$root" apt-get -q -y -o Dpkg::Use-Pty=0 "$@"; }
apt update
apt upgrade
apt install --no-install-recommends "$@"
apt clean
rm -rf "$root/usr/sbin/policy-rc.d" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log
: > "$root/etc/resolv.conf"
)sh";

Task<> install(const Workshop& workshop, fs::path root, std::vector<std::string> packages) {
  std::vector<std::string> command{"/bin/sh", "-c", install_script, "sh", root.native()};
  command.insert(command.end(), packages.begin(), packages.end());
  co_await run(workshop, alone(std::move(command)), "apt-get");
}

Task<> make_smallest(const Workshop& workshop) {
  workshop.output(fmt::format("Debian 12 from {}", workshop.sources.mirror));
  co_await run(workshop,
               alone({"debootstrap", "--variant=minbase", "bookworm", workshop.smallest().native(),
                      workshop.sources.mirror}),
               "debootstrap");
  co_await files::write_atomically(workshop.smallest() / "etc/apt/sources.list",
                                   sources_list(workshop.sources));
  co_await install(workshop, workshop.smallest(), {"ca-certificates"});
}

Task<> make_image(const Workshop& workshop, const Recipe& recipe) {
  workshop.output(fmt::format("Making {}", recipe.name));
  const auto root = workshop.folder / "root";
  const auto archive = workshop.folder / "image.tar";
  co_await files::remove_all(root);
  co_await run(workshop, {"cp", "-a", workshop.smallest().native(), root.native()}, "cp");
  if (!recipe.packages.empty()) co_await install(workshop, root, recipe.packages);
  co_await run(workshop,
               {"tar", "--numeric-owner", "--exclude=./dev/*", "-C", root.native(), "-cf",
                archive.native(), "."},
               "tar");
  auto changes = usual_environment;
  changes.insert(changes.end(), recipe.changes.begin(), recipe.changes.end());
  co_await runtime::import_image(workshop.loop, {.socket = workshop.options.engine_socket,
                                                 .archive = archive,
                                                 .name = recipe.name,
                                                 .changes = std::move(changes)});
  workshop.output(fmt::format("{} is ready", recipe.name));
}

Task<> make_all(const Workshop& workshop) {
  co_await make_smallest(workshop);
  for (const auto& recipe : recipes(workshop.options.which)) {
    co_await make_image(workshop, recipe);
  }
}

}  // namespace

std::optional<Which> parse_which(std::string_view word) {
  if (word == "debian") return Which::debian;
  if (word == "node") return Which::node;
  if (word == "python") return Which::python;
  if (word == "all") return Which::all;
  return std::nullopt;
}

Task<> build(net::Loop& loop, Options options, runtime::LineSink output) {
  if (::geteuid() != 0) {
    co_await fail(errors::needs_root,
                  "base images are made in a root file system of their own, which only root can "
                  "do; run it again with sudo");
  }
  if (!process::find_program("debootstrap")) {
    co_await fail(errors::no_debootstrap,
                  "debootstrap makes the root file system; install it with: apt-get install "
                  "debootstrap");
  }
  if (!co_await runtime::docker_answers(loop, options.engine_socket)) {
    co_await fail(runtime::errors::unavailable,
                  "no container engine answers at {}; start it with: systemctl start docker",
                  options.engine_socket);
  }
  const files::TemporaryFolder folder(options.work_folder);
  Workshop workshop{loop, options, output, sources_of_machine(), folder.path()};
  if (!options.mirror.empty()) workshop.sources = {.mirror = options.mirror};
  co_await within(command_limit, make_all(workshop));
}

}  // namespace temps::baseimages
