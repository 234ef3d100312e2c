// Which server and project a folder's command is about.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/project_link.hpp"
#include "core/task.hpp"

namespace temps::app {

// Of the flags, else of the folder's link, else of the last login.
Result<Target> folder_server(const Common& common, const std::optional<ProjectLink>& link);

// Asks at a terminal; elsewhere fails with `app.usage` and says what to add. `guess` is what Return
// takes.
Result<std::string> ask_project(const std::string& guess);

struct ProjectView {
  std::string name;
  std::string address;
};
// The project, made where the person at the terminal says so. Fails with `app.not_there`.
Task<ProjectView> known_project(ApiClient& client, std::string name);
Task<ProjectView> make_project(ApiClient& client, std::string name);
// Where visitors reach the project's environment; empty: production.
Task<std::string> address_of(ApiClient& client, ProjectView project, std::string environment);

// "my-shop" of "/home/ann/My Shop"; empty where nothing usable is left.
std::string project_name_of(const std::filesystem::path& folder);

std::string project_path(const std::string& name, std::string_view rest = {});

}  // namespace temps::app
