// Finding the WSGI or ASGI object by looking at the text of the usual modules.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "detect/folder_name.hpp"
#include "detect/python_start.hpp"

namespace temps::detect {
namespace {

constexpr std::array<std::string_view, 8> module_names{"main", "app",  "server",      "api",
                                                       "wsgi", "asgi", "application", "run"};
constexpr std::size_t packages_max = 50;

bool is_identifier(std::string_view name) {
  return !name.empty() && (name[0] < '0' || name[0] > '9') && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

struct Candidate {
  std::string path;
  std::string module;
  bool below_src;
};

void add_modules(const std::string& folder, const std::string& package, bool below_src,
                 std::vector<Candidate>& candidates) {
  for (const auto name : module_names) {
    candidates.push_back({fmt::format("{}{}.py", folder, name),
                          package.empty() ? std::string(name) : fmt::format("{}.{}", package, name),
                          below_src});
  }
}

// "shop" of shop/__init__.py, or of src/shop/__init__.py for the folder "src/".
std::set<std::string> packages_in(const Tree& tree, std::string_view folder) {
  std::set<std::string> packages;
  for (const auto& path : tree.files()) {
    if (!path.starts_with(folder) || !path.ends_with("/__init__.py")) continue;
    const auto name = std::string_view(path).substr(
        folder.size(), path.size() - folder.size() - std::string_view("/__init__.py").size());
    if (is_identifier(name) && name != "tests" && name != "test" &&
        packages.size() < packages_max) {
      packages.insert(std::string(name));
    }
  }
  return packages;
}

std::vector<Candidate> candidates_in(const Tree& tree) {
  std::vector<Candidate> candidates;
  add_modules("", "", false, candidates);
  add_modules("src/", "", true, candidates);
  add_modules("app/", "app", false, candidates);
  for (const bool below_src : {false, true}) {
    const std::string folder = below_src ? "src/" : "";
    for (const auto& package : packages_in(tree, folder)) {
      const auto inside = fmt::format("{}{}/", folder, package);
      candidates.push_back({inside + "__init__.py", package, below_src});
      add_modules(inside, package, below_src, candidates);
    }
  }
  return candidates;
}

// "app" of `app = Flask(__name__)` or `app: FastAPI = fastapi.FastAPI(`; only at module level.
std::string_view assigned_name(std::string_view line,
                               const std::vector<std::string_view>& classes) {
  const auto [left, right] = cut(line, "=");
  const auto name = trimmed(cut(left, ":").first);
  if (line.starts_with(' ') || line.starts_with('\t') || !is_identifier(name)) return {};
  auto call = trimmed(right);
  call = call.substr(0, call.find('('));
  if (call.size() == trimmed(right).size()) return {};
  const auto dot = call.rfind('.');
  if (dot != std::string_view::npos) call.remove_prefix(dot + 1);
  return std::ranges::find(classes, trimmed(call)) == classes.end() ? std::string_view() : name;
}

std::string expression_in(std::string_view text, const std::vector<std::string_view>& classes) {
  std::string factory;
  for (const auto line : split(text, '\n')) {
    if (const auto name = assigned_name(line, classes); !name.empty()) return std::string(name);
    // `app = create_app()` is an object already.
    const std::vector<std::string_view> factories{"create_app", "make_app", "get_app"};
    if (const auto name = assigned_name(line, factories); !name.empty()) return std::string(name);
    for (const auto name : factories) {
      if (line.starts_with(fmt::format("def {}(", name))) factory = fmt::format("{}()", name);
    }
  }
  return factory;
}

}  // namespace

std::string PythonObject::word() const {
  const auto text = fmt::format("{}:{}", module, expression);
  return expression.ends_with(')') ? fmt::format("\"{}\"", text) : text;
}

std::optional<PythonObject> find_object(const Tree& tree,
                                        const std::vector<std::string_view>& classes) {
  for (const auto& candidate : candidates_in(tree)) {
    if (!tree.has(candidate.path)) continue;
    auto expression = expression_in(tree.text(candidate.path), classes);
    if (expression.empty()) continue;
    return PythonObject{candidate.module, std::move(expression), candidate.below_src};
  }
  return std::nullopt;
}

}  // namespace temps::detect
