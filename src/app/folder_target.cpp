#include "app/folder_target.hpp"

#include <unistd.h>

#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "projects/name.hpp"

namespace temps::app {

namespace {

struct NewProject {
  std::string name;
};
struct Addressed {
  std::string address;
};

bool agrees(std::string_view answer) {
  return answer.empty() || answer.starts_with('y') || answer.starts_with('Y');
}

}  // namespace

Result<Target> folder_server(const Common& common, const std::optional<ProjectLink>& link) {
  return find_target(common.url, link ? link->server : std::string());
}

Result<std::string> ask_project(const std::string& guess) {
  if (!is_terminal(STDIN_FILENO)) {
    return fail(errors::usage,
                "the folder belongs to no project yet; name it: --project NAME, or once for all: "
                "temps link NAME");
  }
  auto answer = ask(guess.empty() ? "Project" : fmt::format("Project [{}]", guess));
  if (answer && answer->empty()) answer = guess;
  if (answer && answer->empty()) return fail(errors::usage, "no project was named");
  return answer;
}

Task<std::string> address_of(ApiClient& client, ProjectView project, std::string environment) {
  if (environment.empty()) co_return project.address;
  const auto found = co_await client.get<Addressed>(
      project_path(project.name, "/environments/" + percent_encoded(environment)));
  co_return found.address;
}

Task<ProjectView> make_project(ApiClient& client, std::string name) {
  co_return co_await client.post<ProjectView>("/api/v1/projects", NewProject{std::move(name)});
}

Task<ProjectView> known_project(ApiClient& client, std::string name) {
  auto found = co_await attempt(client.get<ProjectView>(project_path(name)));
  if (found || !found.error().is(errors::not_there)) co_return co_await std::move(found);
  if (!is_terminal(STDIN_FILENO)) {
    co_await fail(errors::not_there, "{} has no project {}; make it: temps project create {}",
                  client.target().url, name, name);
  }
  const auto answer =
      co_await ask(fmt::format("{} has no project {}. Make it? [Y/n]", client.target().url, name));
  if (!agrees(answer)) co_await fail(errors::usage, "nothing was made and nothing deployed");
  co_return co_await make_project(client, std::move(name));
}

std::string project_name_of(const std::filesystem::path& folder) {
  std::error_code error;
  const auto path = std::filesystem::canonical(folder, error);
  return projects::usable_name(path.filename().string());
}

std::string project_path(const std::string& name, std::string_view rest) {
  return fmt::format("/api/v1/projects/{}{}", percent_encoded(name), rest);
}

}  // namespace temps::app
