// temps deploy: a folder, packed here and built there.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "app/api_client.hpp"
#include "app/begun_deployment.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/folder_target.hpp"
#include "app/follow.hpp"
#include "app/git_state.hpp"
#include "app/progress.hpp"
#include "app/terminal.hpp"
#include "bundle/bundle.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"

namespace temps::app {

namespace {

struct Deployment {
  std::int64_t number;
};

void say_left_out(const std::vector<std::string>& variables_files) {
  if (variables_files.empty()) return;
  note(
      fmt::format("Not sent: {}. Variables belong on the server; what has to be sent all the same "
                  "takes a line in .tempsignore, such as !{}",
                  join(variables_files, ", "),
                  std::filesystem::path(variables_files.front()).filename().string()));
}

Task<std::uint64_t> pack(net::Loop& loop, std::filesystem::path folder,
                         std::filesystem::path archive) {
  auto contents = co_await co_await loop.offload([folder] { return bundle::contents_of(folder); });
  say_left_out(contents.variables_files);
  if (contents.names.empty()) {
    co_await fail(errors::usage,
                  "there is nothing to deploy in {}: it is empty, or .gitignore and "
                  ".tempsignore leave everything out",
                  folder.string());
  }
  const auto size = co_await co_await loop.offload(
      [folder, contents, archive] { return bundle::pack(folder, contents, archive); });
  note(fmt::format("packed {} file{}, {}", contents.names.size(),
                   contents.names.size() == 1 ? "" : "s", human_bytes(size)));
  co_return size;
}

// The file, piece by piece, while the server takes it.
class UploadBody {
 public:
  UploadBody(std::filesystem::path file, std::uint64_t size)
      : file_(std::move(file)),
        fd_(::open(file_.c_str(), O_RDONLY | O_CLOEXEC)),
        progress_("uploading", size) {}

  Task<std::string> next() {
    std::string piece(64U << 10U, '\0');
    const auto got = co_await files::read_fully(fd_.get(), piece, file_);
    piece.resize(got);
    progress_.at(sent_ += got);
    co_return piece;
  }
  void done() { progress_.done(); }

 private:
  std::filesystem::path file_;
  files::OwnedFd fd_;
  std::uint64_t sent_ = 0;
  Progress progress_;
};

std::string upload_target(const DeployOptions& options, const std::string& project,
                          const std::optional<GitState>& git) {
  std::vector<std::string> words;
  const auto add = [&words](std::string_view name, const std::string& value) {
    if (!value.empty()) words.push_back(fmt::format("{}={}", name, percent_encoded(value)));
  };
  add("environment", options.environment);
  add("message", !options.message.empty() || !git ? options.message : git->message);
  if (git) {
    add("commit", git->commit);
    add("branch", git->branch);
    if (git->is_dirty) add("dirty", "true");
  }
  return project_path(project, "/deployments") + (words.empty() ? "" : "?" + join(words, "&"));
}

struct Place {
  Target target;
  std::string project;
  bool was_asked = false;
};

Result<Place> place_of(const DeployOptions& options) {
  auto link = read_link(options.folder);
  if (!link) return fail(link.error());
  auto target = folder_server(options.common, *link);
  if (!target) return fail(target.error());
  Place place{.target = std::move(*target), .project = *link ? (*link)->project : std::string()};
  if (!options.project.empty()) place.project = options.project;
  if (!place.project.empty()) return place;
  auto asked = ask_project(project_name_of(options.folder));
  if (!asked) return fail(asked.error());
  place.project = std::move(*asked);
  place.was_asked = true;
  return place;
}

Task<Deployment> upload(net::Loop& loop, ApiClient& client, const DeployOptions& options,
                        std::string project) {
  const files::TemporaryFolder work;
  const auto archive = work.path() / "folder.tar.gz";
  const auto size = co_await pack(loop, options.folder, archive);
  const auto git = co_await git_state(loop, options.folder);
  UploadBody body(archive, size);
  const auto answer =
      co_await client.send_stream("POST", upload_target(options, project, git), "application/gzip",
                                  [&body] { return body.next(); });
  body.done();
  co_return co_await json::decode<Deployment>(answer);
}

Task<> run(net::Loop& loop, DeployOptions options) {
  co_await wait_limit(options);
  auto place = co_await place_of(options);
  ApiClient client(loop, place.target);
  const auto project = co_await known_project(client, place.project);
  if (place.was_asked) {
    co_await write_link(options.folder, {place.target.url, project.name});
    note("Remembered in .temps/project.json.");
  }
  const auto deployment = co_await unless_interrupted(
      loop, upload(loop, client, options, project.name), "nothing was deployed");
  co_await see_through(loop, client, options, project, deployment.number);
}

}  // namespace

Result<> deploy_folder(const DeployOptions& options) {
  net::Loop loop;
  return loop.run(run(loop, options));
}

}  // namespace temps::app
