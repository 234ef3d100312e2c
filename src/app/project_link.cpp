#include "app/project_link.hpp"

#include "app/errors.hpp"
#include "files/files.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {
constexpr const char* link_folder = ".temps";
constexpr const char* link_file = "project.json";
}  // namespace

Result<std::optional<ProjectLink>> read_link(const std::filesystem::path& folder) {
  const auto path = folder / link_folder / link_file;
  auto text = files::read(path, 64U << 10U);
  if (!text && text.error().is(files::errors::not_found)) return std::nullopt;
  if (!text) return fail(text.error());
  auto link = json::decode<ProjectLink>(*text);
  if (!link || link->project.empty()) {
    return fail(errors::usage, "{} cannot be read; write it anew: temps link PROJECT",
                path.string());
  }
  return std::optional(std::move(*link));
}

Result<> write_link(const std::filesystem::path& folder, const ProjectLink& link) {
  const auto inside = folder / link_folder;
  if (auto made = files::make_folder(inside); !made) return made;
  if (auto ignored = files::write_atomically(inside / ".gitignore", "*\n"); !ignored) {
    return ignored;
  }
  return files::write_atomically(inside / link_file, json::encode(link) + "\n");
}

}  // namespace temps::app
