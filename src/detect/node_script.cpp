#include "detect/node_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/text.hpp"

namespace temps::detect {
namespace {

constexpr int depth_max = 4;  // of scripts that call scripts

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : split(text, ' ')) {
    if (!trimmed(word).empty()) words.push_back(trimmed(word));
  }
  return words;
}

std::vector<std::string_view> parts_of(std::string_view command) {
  std::vector<std::string_view> parts;
  while (!command.empty()) {
    const auto end = std::min(command.find_first_of("&|;\n"), command.size());
    if (!trimmed(command.substr(0, end)).empty()) parts.push_back(command.substr(0, end));
    command.remove_prefix(std::min(end + 1, command.size()));
  }
  return parts;
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 && !word.starts_with('-') &&
         word.find_first_of("/.") > equals;
}

// Without what only stands in front: variables, cross-env, npx, dotenv --.
std::vector<std::string_view> without_prefixes(std::vector<std::string_view> words) {
  constexpr std::array<std::string_view, 8> wrappers{"cross-env", "env",    "npx", "bunx",
                                                     "exec",      "dotenv", "--",  "pnpx"};
  const auto first = std::ranges::find_if(words, [&](std::string_view word) {
    return !is_assignment(word) && std::ranges::find(wrappers, word) == wrappers.end();
  });
  words.erase(words.begin(), first);
  return words;
}

// A program is one for development with any arguments, or only with a certain first one.
struct DevelopmentCommand {
  std::string_view program;
  std::vector<std::string_view> arguments;  // empty: with any
};

const std::vector<DevelopmentCommand>& development_commands() {
  static const std::vector<DevelopmentCommand> list{
      {"vite", {"", "dev", "preview", "serve"}},
      {"react-scripts", {"start"}},
      {"ng", {"serve", "s", "dev"}},
      {"vue-cli-service", {"serve"}},
      {"next", {"", "dev"}},
      {"nuxt", {"", "dev", "preview"}},
      {"nuxi", {"dev", "preview"}},
      {"astro", {"", "dev", "preview"}},
      {"gatsby", {"develop", "serve"}},
      {"docusaurus", {"start", "serve"}},
      {"vitepress", {"", "dev", "preview", "serve"}},
      {"remix", {"dev", "vite:dev"}},
      {"react-router", {"dev"}},
      {"vinxi", {"dev"}},
      {"rsbuild", {"", "dev", "preview"}},
      {"storybook", {"dev"}},
      {"expo", {"", "start"}},
      {"webpack", {"serve"}},
      {"nest", {"start"}},
      {"tsx", {"watch"}},
      {"hexo", {"server"}},
      {"webpack-dev-server", {}},
      {"nodemon", {}},
      {"ts-node-dev", {}},
      {"tsnd", {}},
  };
  return list;
}

bool is_development_command(std::string_view part) {
  const auto words = without_prefixes(words_of(part));
  if (words.empty()) return false;
  const auto has = [&words](std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  };
  if (words[0] == "eleventy" || words[0] == "@11ty/eleventy") return has("--serve");
  if (words[0] == "parcel") return words.size() < 2 || words[1] != "build";
  if (words[0] == "node") return has("--watch");
  // Options say nothing about what is started: `vite --host` serves, too.
  const bool bare = words.size() < 2 || words[1].starts_with('-');
  const auto argument = bare ? std::string_view() : words[1];
  return std::ranges::any_of(development_commands(), [&](const DevelopmentCommand& command) {
    if (command.program != words[0]) return false;
    const auto& known = command.arguments;
    return known.empty() || std::ranges::find(known, argument) != known.end();
  });
}

// "dev" of `npm run dev`, `yarn dev`; empty for other commands.
std::string_view called_script(const PackageJson& package, std::string_view part) {
  constexpr std::array<std::string_view, 4> managers{"npm", "pnpm", "yarn", "bun"};
  auto words = without_prefixes(words_of(part));
  if (words.size() < 2 || std::ranges::find(managers, words[0]) == managers.end()) return {};
  const bool run = words[1] == "run" || words[1] == "run-script";
  if (run && words.size() < 3) return {};
  const auto name = run ? words[2] : words[1];
  return package.script(name).empty() ? std::string_view() : name;
}

bool is_development(const PackageJson& package, std::string_view name, int depth) {
  if (depth > depth_max) return false;
  const auto script = package.script(name);
  return std::ranges::any_of(parts_of(script), [&](std::string_view part) {
    if (is_development_command(part)) return true;
    const auto called = called_script(package, part);
    return !called.empty() && called != name && is_development(package, called, depth + 1);
  });
}

// Strings are kept, so that "https://…" stays whole.
std::string without_comments(std::string_view text) {
  std::string kept;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && i + 1 < text.size()) {
        kept += c;
        kept += text[++i];
        continue;
      }
      if (c == quote || (c == '\n' && quote != '`')) quote = 0;
    } else if (text.substr(i).starts_with("//")) {
      i = std::min(text.find('\n', i), text.size()) - 1;
      continue;
    } else if (text.substr(i).starts_with("/*")) {
      i = std::min(text.find("*/", i + 2), text.size() - 2) + 1;
      continue;
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    }
    kept += c;
  }
  return kept;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

// What follows each `key:`, with the key in quotes or not.
std::vector<std::string_view> values_of(std::string_view config, std::string_view key) {
  std::vector<std::string_view> values;
  for (auto at = config.find(key); at != std::string_view::npos; at = config.find(key, at + 1)) {
    if (at > 0 && is_name_character(config[at - 1])) continue;
    auto rest = config.substr(at + key.size());
    if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
    rest = trimmed(rest.substr(0, 2048));
    if (rest.starts_with(':')) values.push_back(trimmed(rest.substr(1)));
  }
  return values;
}

}  // namespace

bool is_development_script(const PackageJson& package, std::string_view script_name) {
  return is_development(package, script_name, 0);
}

std::optional<std::string> flag_value(std::string_view command,
                                      const std::vector<std::string_view>& flags) {
  const auto words = words_of(command);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const auto flag : flags) {
      std::string_view value;
      if (words[i] == flag && i + 1 < words.size()) value = words[i + 1];
      if (words[i].starts_with(fmt::format("{}=", flag))) value = words[i].substr(flag.size() + 1);
      if (value.size() > 1 && (value.front() == '"' || value.front() == '\'')) {
        value = value.substr(1, value.find(value.front(), 1) - 1);
      }
      if (!value.empty() && !value.starts_with('-') && !value.contains('$')) {
        return std::string(value);
      }
    }
  }
  return std::nullopt;
}

std::string config_text(const Tree& tree, std::string_view name) {
  for (const auto ending : {"js", "mjs", "ts", "cjs", "mts", "cts"}) {
    const auto path = fmt::format("{}.{}", name, ending);
    if (tree.has(path)) return without_comments(tree.text(path));
  }
  return {};
}

std::optional<std::string> literal_of(std::string_view config, std::string_view key) {
  for (const auto value : values_of(config, key)) {
    if (value.empty() || (value[0] != '"' && value[0] != '\'' && value[0] != '`')) continue;
    const auto end = value.find(value[0], 1);
    if (end == std::string_view::npos) continue;
    const auto literal = value.substr(1, end - 1);
    if (!literal.contains('$') && !literal.contains('\\')) return std::string(literal);
  }
  return std::nullopt;
}

bool has_setting(std::string_view config, std::string_view key, std::string_view value) {
  return std::ranges::any_of(values_of(config, key),
                             [value](std::string_view text) { return text.starts_with(value); });
}

}  // namespace temps::detect
