#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "detect/provider.hpp"
#include "detect/version_range.hpp"
#include "toml/toml.hpp"

namespace temps::detect {
namespace {

constexpr std::array<std::string_view, 3> prefixes{"TEMPS_", "RAILPACK_", "NIXPACKS_"};

std::string lines_known(const VersionSources& sources) {
  std::vector<std::string> known;
  for (const auto& line : sources.lines) {
    std::vector<std::string> numbers;
    for (const auto number : line) numbers.push_back(std::to_string(number));
    known.push_back(join(numbers, "."));
  }
  return join(known, ", ");
}

std::unexpected<Error> no_version(const VersionSources& sources, const std::string& source,
                                  const std::string& wanted) {
  return fail(errors::no_such_version,
              "{} asks for {} {}, but the versions known here are {}; change it, or set another "
              "version",
              source, sources.language, printable(wanted), lines_known(sources));
}

struct Manifest {
  std::optional<VersionRange> range;
  Version version;
};

Result<Manifest> from_manifests(const VersionSources& sources, std::vector<std::string>& warnings) {
  for (const auto& [source, text] : sources.manifests) {
    const auto range = VersionRange::parse(text);
    if (!range) {
      warnings.push_back(
          fmt::format("{} \"{}\" is no version range and is ignored", source, printable(text)));
      continue;
    }
    auto tag = choose_tag(*range, sources.lines);
    if (!tag) return no_version(sources, source, text);
    return Manifest{range, {*tag, source}};
  }
  const auto tag = choose_tag(*VersionRange::parse("*"), sources.lines);
  return Manifest{std::nullopt, {tag.value_or(std::string()), "default"}};
}

}  // namespace

std::optional<Source::Variable> Source::variable(std::string_view name) const {
  for (const auto prefix : prefixes) {
    const auto found = variables.find(fmt::format("{}{}", prefix, name));
    if (found != variables.end() && !trimmed(found->second).empty()) {
      return Variable{found->first, std::string(trimmed(found->second))};
    }
  }
  return std::nullopt;
}

Result<Version> choose_version(const VersionSources& sources, std::vector<std::string>& warnings) {
  if (sources.variable) {
    const auto& [name, value] = *sources.variable;
    const auto range = VersionRange::parse(value);
    const auto tag = range ? choose_tag(*range, sources.lines) : std::nullopt;
    if (!tag) return no_version(sources, "the variable " + name, value);
    return Version{*tag, "variable " + name};
  }
  auto manifest = from_manifests(sources, warnings);
  if (!manifest) return std::unexpected(std::move(manifest.error()));
  for (const auto& [source, text] : sources.files) {
    const auto range = VersionRange::parse(text);
    if (!range) {
      warnings.push_back(
          fmt::format("{} \"{}\" is no version and is ignored", source, printable(text)));
      continue;
    }
    const auto both = manifest->range ? manifest->range->intersected(*range) : *range;
    if (auto tag = choose_tag(both, sources.lines)) return Version{*tag, source};
    if (!manifest->range) return no_version(sources, source, text);
    warnings.push_back(fmt::format("{} asks for {}, which {} does not allow; {} is used", source,
                                   printable(text), manifest->version.source,
                                   manifest->version.value));
  }
  return std::move(manifest->version);
}

std::string first_word(std::string_view text) {
  for (const auto line : split(text, '\n')) {
    const auto word = trimmed(line);
    if (!word.empty() && !word.starts_with('#')) {
      return std::string(word.substr(0, word.find_first_of(" \t#")));
    }
  }
  return {};
}

std::optional<std::pair<std::string, std::string>> tool_version(
    const Tree& tree, const std::vector<std::string_view>& names) {
  const auto versions = tree.text(".tool-versions");
  for (const auto line : split(versions, '\n')) {
    const auto text = trimmed(line);
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    if (std::ranges::find(names, text.substr(0, end)) == names.end()) continue;
    return std::pair(std::string(".tool-versions"), first_word(text.substr(end)));
  }
  // Read as data: mise's templates could run programs.
  const auto mise = toml::parse(tree.text("mise.toml"));
  for (const auto name : names) {
    if (!mise) break;
    const auto wanted = (*mise)["tools"][name];
    const auto version = wanted.is_object() ? wanted["version"] : wanted;
    const auto first = version.is_array() && version.size() > 0 ? version.items()[0] : version;
    if (first.as_string())
      return std::pair(std::string("mise.toml"), std::string(*first.as_string()));
  }
  return std::nullopt;
}

std::string printable(std::string_view text) {
  constexpr std::size_t length_max = 200;
  std::string safe = to_utf8(text.substr(0, length_max));
  std::ranges::replace_if(
      safe, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }, '?');
  return text.size() > length_max ? safe + "…" : safe;
}

}  // namespace temps::detect
