#include "projects/projects.hpp"

#include <algorithm>
#include <array>

#include "core/network.hpp"
#include "core/text.hpp"
#include "json/json.hpp"
#include "projects/errors.hpp"
#include "projects/name.hpp"
#include "projects/queries.hpp"

namespace temps::projects {

namespace {

bool is_inside(std::string_view path) {
  if (path.starts_with('/')) return false;
  return (std::string("/") + std::string(path) + "/").find("/../") == std::string::npos;
}

void check_range(std::vector<FieldError>& wrong, std::string_view name, double value, double most) {
  if (value < 0 || value > most) {
    wrong.push_back({fmt::format("/{}", name), fmt::format("from 0 to {}", most)});
  }
}

bool is_variable(std::string_view name) {
  return !name.empty() && name.size() <= 100 && (name[0] < '0' || name[0] > '9') &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

void check_arguments(std::vector<FieldError>& wrong,
                     const std::map<std::string, std::string>& arguments) {
  constexpr std::size_t arguments_max = 100;
  constexpr std::size_t value_bytes_max = 4096;
  if (arguments.size() > arguments_max) {
    wrong.push_back({"/build_arguments", fmt::format("at most {}", arguments_max)});
  }
  for (const auto& [name, value] : arguments) {
    if (is_variable(name) && value.size() <= value_bytes_max && !value.contains('\0')) continue;
    wrong.push_back({"/build_arguments",
                     fmt::format("NAME=value, with a name of letters, digits and _, and a value of "
                                 "up to {} bytes",
                                 value_bytes_max)});
  }
}

bool is_network(std::string_view text) { return Network::parse(text).has_value(); }

// What connections and messages are made of is the proxy's own business.
bool is_own_header(std::string_view name) {
  static constexpr std::array reserved{
      "connection", "content-length", "transfer-encoding", "upgrade", "trailer", "keep-alive", "te",
      "date",       "content-type",   "content-encoding"};
  const bool is_name = !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  return is_name && std::ranges::none_of(reserved, [&](std::string_view taken) {
           return equal_ignoring_case(taken, name);
         });
}

void check_visitors(std::vector<FieldError>& wrong, const Settings& settings) {
  constexpr std::size_t addresses_max = 200;
  constexpr std::size_t headers_max = 30;
  constexpr std::size_t value_bytes_max = 2048;
  if (settings.allowed_addresses.size() > addresses_max ||
      !std::ranges::all_of(settings.allowed_addresses, is_network)) {
    wrong.push_back(
        {"/allowed_addresses", fmt::format("up to {} addresses or networks, such as 203.0.113.7 or "
                                           "2001:db8::/32",
                                           addresses_max)});
  }
  const bool are_headers =
      settings.response_headers.size() <= headers_max &&
      std::ranges::all_of(settings.response_headers, [](const auto& field) {
        return is_own_header(field.first) && field.second.size() <= value_bytes_max &&
               std::ranges::all_of(field.second, [](char c) { return c >= ' ' && c < 0x7f; });
      });
  if (!are_headers) {
    wrong.push_back({"/response_headers",
                     fmt::format("up to {} fields such as X-Frame-Options, none that concerns the "
                                 "connection or the content itself, with values of up to {} "
                                 "characters",
                                 headers_max, value_bytes_max)});
  }
  check_range(wrong, "body_mb_max", settings.body_mb_max, 1'048'576);
  check_range(wrong, "requests_per_minute", settings.requests_per_minute, 1'000'000);
  check_range(wrong, "answer_seconds_max", settings.answer_seconds_max, 86'400);
  check_range(wrong, "wait_seconds", settings.wait_seconds, 300);
}

}  // namespace

Result<> check_settings(const Settings& settings) {
  std::vector<FieldError> wrong;
  if (settings.branch.empty() || settings.branch.size() > 200) {
    wrong.push_back({"/branch", "a branch name of 1 to 200 characters"});
  }
  for (const auto& [name, path] : {std::pair{"root_directory", &settings.root_directory},
                                   std::pair{"dockerfile", &settings.dockerfile},
                                   std::pair{"output_directory", &settings.output_directory}}) {
    if (!is_inside(*path)) {
      wrong.push_back({fmt::format("/{}", name), "a path inside the repository, without .."});
    }
  }
  if (!settings.health_path.empty() && !settings.health_path.starts_with('/')) {
    wrong.push_back({"/health_path", "a path that begins with /"});
  }
  check_range(wrong, "health_seconds", settings.health_seconds, 900);
  check_range(wrong, "drain_seconds", settings.drain_seconds, 3600);
  check_range(wrong, "memory_mb", settings.memory_mb, 1'048'576);
  check_range(wrong, "cpus", settings.cpus, 1024);
  check_arguments(wrong, settings.build_arguments);
  check_visitors(wrong, settings);
  if (wrong.empty()) return {};
  return std::unexpected(
      Error(errors::bad_setting,
            fmt::format("{}: {}", wrong.front().pointer.substr(1), wrong.front().detail), wrong));
}

Task<Project> Projects::create(std::string name) {
  co_await check_name(name);
  auto made = co_await database_.transact<std::optional<Project>>(
      [this, &name](this auto, sql::Transaction& tx) -> Task<std::optional<Project>> {
        auto project = co_await tx.maybe(queries::insert_project, name, clock_.now());
        if (project) {
          const auto production = co_await tx.maybe(queries::insert_environment, project->id,
                                                    std::string(production_name),
                                                    sql::Json{json::encode(Settings{})}, name);
          if (!production) co_await refuse_slug(name, tx);
        }
        co_return project;
      });
  if (!made) {
    co_await fail(errors::name_taken,
                  "there is a project \"{}\" already; push to it, or choose another name", name);
  }
  co_return std::move(*made);
}

Task<std::optional<Project>> Projects::find(std::string name) {
  co_return co_await database_.maybe(queries::project_by_name, std::move(name));
}

Task<Project> Projects::get(std::string name) {
  auto project = co_await find(name);
  if (!project) {
    co_await fail(errors::no_such_project,
                  "there is no project \"{}\"; make it with: temps project create {}", name,
                  usable_name(name).empty() ? "NAME" : usable_name(name));
  }
  co_return std::move(*project);
}

Task<Project> Projects::get(ProjectId id) {
  auto project = co_await database_.maybe(queries::project_by_id, id);
  if (!project) co_await fail(errors::no_such_project, "there is no project {}", id.value);
  co_return std::move(*project);
}

Task<std::vector<Project>> Projects::list(std::string after, std::int64_t limit,
                                          std::optional<std::vector<std::string>> names) {
  co_return co_await database_.all(queries::projects_after, std::move(after), limit,
                                   std::move(names));
}

Task<> Projects::remove(ProjectId id) { co_await database_.run(queries::delete_project, id); }

}  // namespace temps::projects
