#include "settings/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "files/files.hpp"
#include "settings/in_force.hpp"
#include "settings/public_url.hpp"
#include "toml/toml.hpp"

extern char** environ;  // NOLINT: POSIX has no header for it

namespace temps::settings {
namespace {

constexpr std::size_t file_bytes_max = 256U << 10U;

const Declared* find(std::string_view name) {
  const auto all = declared();
  const auto found = std::ranges::find(all, name, &Declared::name);
  return found == all.end() ? nullptr : &*found;
}

std::optional<std::string> variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  if (found == environment.end()) return std::nullopt;
  return found->second;
}

struct File {
  std::filesystem::path path{};
  std::map<std::string, std::string> lines{};
  std::filesystem::path usual{};
};

std::optional<std::filesystem::path> usual_file(const Environment& environment) {
  if (::geteuid() == 0) return "/etc/temps/temps.toml";
  if (auto folder = variable(environment, "XDG_CONFIG_HOME"); folder && !folder->empty()) {
    return std::filesystem::path(*folder) / "temps/temps.toml";
  }
  if (auto home = variable(environment, "HOME"); home && !home->empty()) {
    return std::filesystem::path(*home) / ".config/temps/temps.toml";
  }
  return std::nullopt;
}

// A TOML value as the text that a flag would have.
Result<std::string> text_of(const std::filesystem::path& path, std::string_view key,
                            const json::Value& value) {
  if (auto text = value.as_string()) return std::string(*text);
  if (value.is_array() && find(key)->list) {
    std::vector<std::string> parts;
    for (const auto& element : value.items()) {
      const auto text = element.as_string();
      if (!text) return fail(errors::bad_value, "{}: {} takes texts", path.string(), key);
      parts.emplace_back(*text);
    }
    return join(parts, ",");
  }
  if (!value.is_object() && !value.is_array() && !value.is_null()) return std::string(value.text());
  return fail(errors::bad_value, "{}: {} takes one value", path.string(), key);
}

Error unknown_setting(const std::filesystem::path& path, std::string_view key) {
  std::vector<std::string_view> names;
  for (const auto& setting : declared()) names.push_back(setting.name);
  const auto meant = nearest(key, names);
  return {errors::unknown,
          fmt::format("{}: there is no setting \"{}\"{}; `temps config` lists all of them",
                      path.string(), key.substr(0, 64),
                      meant ? fmt::format(", did you mean {}?", *meant) : std::string{})};
}

Result<File> parse_file(const std::filesystem::path& path, std::string_view content) {
  auto document = toml::parse(content);
  if (!document) {
    return fail(Error(document.error().code(),
                      fmt::format("{}: {}", path.string(), document.error().detail())));
  }
  File file{.path = path};
  for (const auto& [key, value] : document->members()) {
    if (find(key) == nullptr) return fail(unknown_setting(path, key));
    auto text = text_of(path, key, value);
    if (!text) return std::unexpected(text.error());
    file.lines.emplace(key, std::move(*text));
  }
  return file;
}

Result<File> read_file(const Environment& environment, const Flags& flags) {
  std::optional<std::filesystem::path> named;
  if (auto given = flags.given.find("config"); given != flags.given.end()) {
    named = given->second;
  } else if (auto text = variable(environment, "TEMPS_CONFIG")) {
    named = *text;
  }
  if (named && named->empty()) return File{};
  if (named) {
    std::error_code ignored;
    named = std::filesystem::absolute(*named, ignored);
  }
  const auto path = named ? named : usual_file(environment);
  if (!path) return File{};
  const auto content = files::read(*path, file_bytes_max);
  if (content) return parse_file(*path, *content);
  if (!named && content.error().is(files::errors::not_found)) return File{.usual = *path};
  return fail(errors::no_file, "the settings file {} cannot be read: {}", path->string(),
              content.error().detail());
}

std::string standard_data_dir(const Environment& environment) {
  if (::geteuid() == 0) return "/var/lib/temps";
  if (auto folder = variable(environment, "XDG_DATA_HOME"); folder && !folder->empty()) {
    return *folder + "/temps";
  }
  return variable(environment, "HOME").value_or("") + "/.local/share/temps";
}

// The usual pair of ports; elsewhere nobody is surprised by a second one.
std::string standard_listen_tls(const Settings& so_far) {
  if (so_far.listen.port != 80) return {};
  auto address = so_far.listen;
  address.port = 443;
  return address.text();
}

std::string standard_text(const Declared& setting, const Environment& environment,
                          const Settings& so_far) {
  if (setting.name == "data_dir") return standard_data_dir(environment);
  if (setting.name == "public_url") return fmt::format("http://localhost:{}", so_far.listen.port);
  if (setting.name == "base_domain") {
    const auto url = parse_public_url(so_far.public_url);
    return url ? url->host : "localhost";
  }
  if (setting.name == "listen_tls") return standard_listen_tls(so_far);
  return std::string(setting.standard);
}

std::string uppered(std::string_view text) {
  std::string upper(text);
  for (auto& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

Value value_of(const Declared& setting, const Environment& environment, const Flags& flags,
               const File& file) {
  const std::string name(setting.name);
  if (auto given = flags.given.find(name); given != flags.given.end()) {
    return {&setting, given->second, Source::flag, setting.flag()};
  }
  const auto own = setting.environment_variable();
  if (auto text = variable(environment, own)) return {&setting, *text, Source::environment, own};
  if (auto line = file.lines.find(name); line != file.lines.end()) {
    return {&setting, line->second, Source::file, file.path.string()};
  }
  const std::string usual(setting.variable);
  for (const auto& foreign : {usual, uppered(usual)}) {
    auto text = variable(environment, foreign);
    if (!foreign.empty() && text) return {&setting, *text, Source::environment, foreign};
  }
  return {&setting, {}, Source::default_value, {}};
}

// Variables of ours that are no settings.
bool is_other_variable(std::string_view name) {
  return name == "TEMPS_CONFIG" || name == "TEMPS_URL" || name == "TEMPS_TOKEN" ||
         name == in_force_variable || name.starts_with("TEMPS_BENCH_") ||
         name.starts_with("TEMPS_TEST_");
}

std::vector<std::string> warnings_about(const Environment& environment) {
  std::vector<std::string> known;
  for (const auto& setting : declared()) known.push_back(setting.environment_variable());
  const std::vector<std::string_view> views(known.begin(), known.end());
  std::vector<std::string> warnings;
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("TEMPS_") || is_other_variable(name)) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto meant = nearest(name, views);
    if (meant) warnings.push_back(fmt::format("{} sets nothing; did you mean {}?", name, *meant));
  }
  return warnings;
}

}  // namespace

Environment process_environment() {
  Environment all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const auto [name, value] = cut(*entry, "=");
    all.emplace(name, value);
  }
  return all;
}

Result<Flags> take_flags(const std::vector<std::string>& arguments) {
  Flags flags;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--") {
      flags.rest.insert(flags.rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i),
                        arguments.end());
      break;
    }
    const auto [flag, value] = cut(argument, "=");
    const auto name = flag.starts_with("--") ? replaced(flag.substr(2), "-", "_") : std::string{};
    if (name.empty() || (find(name) == nullptr && name != "config")) {
      flags.rest.emplace_back(argument);
    } else if (argument.find('=') != std::string_view::npos) {
      flags.given[name] = value;
    } else if (i + 1 < arguments.size()) {
      flags.given[name] = arguments[++i];
    } else {
      return fail(errors::bad_flag, "{} needs a value behind it", flag);
    }
  }
  return flags;
}

Result<Effective> load(const Environment& environment, const Flags& flags) {
  auto file = read_file(environment, flags);
  if (!file) return std::unexpected(file.error());
  Effective effective{
      .settings = {},
      .values = {},
      .warnings = warnings_about(environment),
      .file = file->path,
      .usual_file = file->path.empty() ? file->usual : file->path,
      .standard_data_dir = standard_data_dir(environment),
      .handed_on = variable(environment, std::string(in_force_variable)).value_or(std::string{})};
  for (const auto& setting : declared()) {
    auto value = value_of(setting, environment, flags, *file);
    if (value.source == Source::default_value) {
      value.text = standard_text(setting, environment, effective.settings);
    }
    // Empty clears what has no default; assigning it would fail for numbers.
    const bool unset = value.text.empty() && setting.standard.empty();
    if (auto assigned = unset ? Result<>{} : setting.assign(effective.settings, value.text);
        !assigned) {
      return fail(errors::bad_value, "{} is {}, but must be {}",
                  value.where.empty() ? std::string(setting.name)
                                      : fmt::format("{} ({})", setting.name, value.where),
                  setting.secret ? "not usable" : "\"" + value.text.substr(0, 128) + "\"",
                  assigned.error().detail());
    }
    effective.values.push_back(std::move(value));
  }
  if (effective.settings.data_dir.empty() || effective.settings.data_dir.is_relative()) {
    std::error_code ignored;
    effective.settings.data_dir = std::filesystem::absolute(effective.settings.data_dir, ignored);
  }
  return effective;
}

Result<> check_flags(const Flags& flags, std::string_view command) {
  for (const auto& [name, value] : flags.given) {
    const auto* setting = find(name);
    const bool used = setting == nullptr ? uses_settings(command) : setting->is_used_by(command);
    if (used) continue;
    const auto flag = setting == nullptr ? std::string("--config") : setting->flag();
    if (command.empty()) {
      return fail(errors::bad_flag, "{} needs a command, such as: temps up {} …", flag, flag);
    }
    return fail(errors::bad_flag, "temps {} does not use {}; leave it away (temps {} --help)",
                command, flag, command);
  }
  return {};
}

Environment variables_for(const Effective& effective, std::string_view command) {
  Environment variables{{"TEMPS_CONFIG", effective.file.string()}};
  for (const auto& value : effective.values) {
    const bool told = value.source == Source::flag || value.source == Source::environment;
    if (told && value.setting->is_used_by(command)) {
      variables[value.setting->environment_variable()] = value.text;
    }
  }
  // A folder may have been given from where we were started; the other process is elsewhere.
  variables["TEMPS_DATA_DIR"] = effective.settings.data_dir.string();
  return variables;
}

std::string describe(const Effective& effective) {
  auto text = fmt::format("{:<16} {:<32}\n", "settings file",
                          effective.file.empty() ? "none" : effective.file.string());
  for (const auto& [setting, given, source, where] : effective.values) {
    const auto value = setting->name == "data_dir" ? effective.settings.data_dir.string() : given;
    const auto shown = value.empty() ? std::string("-") : setting->secret ? "****" : value;
    const auto origin = source == Source::default_value ? std::string("default") : where;
    text += fmt::format("{:<18} {:<32} {}\n", setting->name, shown, origin);
  }
  return text;
}

}  // namespace temps::settings
