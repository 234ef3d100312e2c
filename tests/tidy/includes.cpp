#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/rules.hpp"

namespace temps::tidy {
namespace {

struct Include {
  std::size_t line;
  std::string_view path;
  bool quoted;
};

std::vector<Include> includes_of(const Source& file) {
  std::vector<Include> includes;
  std::size_t number = 0;
  for (auto line : lines_of(file.text)) {
    ++number;
    if (!line.starts_with("#include")) continue;
    const auto open = line.find_first_of("<\"");
    if (open == std::string_view::npos) continue;
    const auto close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    includes.push_back({number, line.substr(open + 1, close - open - 1), line[open] == '"'});
  }
  return includes;
}

bool is_third_party(const Include& include) {
  static constexpr std::array prefixes{"boost/", "openssl/", "libpq",   "postgres", "argon2",
                                       "zlib.h", "zstd",     "brotli/", "nghttp2",  "liburing"};
  return !include.quoted && std::ranges::any_of(prefixes, [&](std::string_view prefix) {
    return include.path.starts_with(prefix);
  });
}

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

// Why `file`, of `own`, may not include `path` of another module, or nothing.
std::optional<std::string> refusal(const Source& file, const Module& own, const Modules& modules,
                                   std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) {
    return fmt::format("\"{}\": write the module, too", path);
  }
  const auto name = path.substr(0, slash);
  const auto header = path.substr(slash + 1);
  if (name == own.name) return std::nullopt;
  const auto other = modules.find(name);
  if (other == modules.end()) return fmt::format("\"{}\": there is no module {}", path, name);

  const bool for_tests = file.is_test() && contains(own.test_depends, name);
  if (!contains(own.depends, name) && !for_tests) {
    return fmt::format("\"{}\": {} does not say that it depends on {} (its CMakeLists.txt)", path,
                       own.name, name);
  }
  if (header == "module.hpp" && own.floor != "app" && !file.is_test()) {
    return fmt::format("\"{}\": only app includes the wiring of a module", path);
  }
  const bool front_door = header == fmt::format("{}.hpp", name) || header == "errors.hpp";
  if (own.floor == "domain" && other->second.floor == "domain" && !front_door && !for_tests) {
    return fmt::format("\"{}\": between two domains only the front door, \"{}/{}.hpp\"", path, name,
                       name);
  }
  return std::nullopt;
}

// Headers that show a library to the sources of their own module.
std::set<std::string, std::less<>> private_headers(const Tree& tree) {
  std::set<std::string, std::less<>> found;
  for (const auto& file : tree.sources) {
    if (file.module().empty() || !file.is_header()) continue;
    if (std::ranges::any_of(includes_of(file), is_third_party)) found.insert(file.path.substr(4));
  }
  return found;
}

}  // namespace

Findings check_includes(const Tree& tree) {
  const auto hidden = private_headers(tree);
  Findings findings;
  for (const auto& file : tree.sources) {
    const auto own = tree.modules.find(file.module());
    if (!file.is_cpp() || own == tree.modules.end()) continue;
    const auto& floor = own->second.floor;
    const bool low = floor == "core" || floor == "platform" || floor == "dataplane";
    const bool sees_library =
        !file.is_header() || hidden.contains(std::string_view(file.path).substr(4));
    for (const auto& include : includes_of(file)) {
      const auto add = [&](std::string message) {
        findings.push_back({file.path, include.line, std::move(message)});
      };
      if (is_third_party(include) && !low) {
        add(fmt::format("<{}>: libraries enter on the core and platform floors only",
                        include.path));
      }
      if (!include.quoted) continue;
      if (auto why = refusal(file, own->second, tree.modules, include.path)) add(*why);
      const bool own_header = include.path.starts_with(fmt::format("{}/", own->second.name));
      if (hidden.contains(include.path) && !(own_header && sees_library)) {
        add(
            fmt::format("\"{}\" includes a library's headers, so only sources of its own module "
                        "may include it",
                        include.path));
      }
    }
  }
  return findings;
}

}  // namespace temps::tidy
