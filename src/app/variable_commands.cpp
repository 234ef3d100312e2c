// temps env: what an environment tells its app.
#include <unistd.h>

#include <filesystem>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/secret_names.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "dotenv/dotenv.hpp"
#include "files/files.hpp"

namespace temps::app {

namespace {

constexpr std::size_t value_bytes_max = std::size_t{32} << 10U;  // the server's own limit

struct Variable {
  std::string name;
  std::string kind;
  std::optional<std::string> value;
  std::int64_t since;
};
struct Variables {
  std::int64_t version;
  std::vector<Variable> variables;
};
struct NewValue {
  std::string value;
  std::optional<std::string> kind;
};
struct Edit {
  std::map<std::string, NewValue> set;
  std::vector<std::string> remove;
};
struct Edited {
  std::int64_t version;
  std::vector<std::string> set;
  std::vector<std::string> removed;
};
struct Revealed {
  std::string value;
};
struct Version {
  std::int64_t number;
  std::string made_at;
  std::string made_by;
  std::vector<std::string> set;
  std::vector<std::string> removed;
};
struct Versions {
  std::vector<Version> items;
};

std::string path_of(const VariableOptions& options, std::string_view rest = "/variables") {
  return fmt::format("/api/v1/projects/{}/environments/{}{}", percent_encoded(options.project),
                     percent_encoded(options.environment), rest);
}

// " --environment staging", for commands that we print.
std::string flag_of(const VariableOptions& options) {
  return options.environment == "production" ? std::string{}
                                             : " --environment " + options.environment;
}

// Nothing leaves the kind to the server: as it was, and plain for a new one.
std::optional<std::string> kind_of(const VariableOptions& options, const std::string& name,
                                   const std::string& value) {
  if (options.secret) return "secret";
  if (options.plain) return "plain";
  return looks_secret(name, value) ? std::optional<std::string>("secret") : std::nullopt;
}

void tell_secrets(const VariableOptions& options, const Edit& edit) {
  if (options.secret || options.plain) return;
  std::vector<std::string> names;
  for (const auto& [name, change] : edit.set) {
    if (change.kind == "secret") names.push_back(name);
  }
  if (names.empty()) return;
  note(fmt::format("Kept as secret, by the looks of it: {} (--plain keeps values in view)",
                   join(names, ", ")));
}

std::string summary(const Edited& edited) {
  std::vector<std::string> parts;
  if (!edited.set.empty()) parts.push_back("set " + join(edited.set, ", "));
  if (!edited.removed.empty()) parts.push_back("removed " + join(edited.removed, ", "));
  return join(parts, "; ");
}

Task<> send(net::Loop& loop, Common common, VariableOptions options, Edit edit) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("PATCH", path_of(options), json::encode(edit));
  tell_secrets(options, edit);
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto edited = co_await json::decode<Edited>(text);
  if (edited.set.empty() && edited.removed.empty()) {
    print("Nothing differs from what is set already.");
    co_return;
  }
  print(fmt::format("Version {}: {}.", edited.version, summary(edited)));
  note(
      fmt::format("It takes effect with the next deployment. Now, without a build: temps restart "
                  "{0}{1}; with one: temps redeploy {0}{1}",
                  options.project, flag_of(options)));
}

Task<> list(net::Loop& loop, Common common, VariableOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path_of(options));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto found =
      co_await json::decode<Variables>(text, {.size_bytes_max = std::size_t{16} << 20U});
  for (const auto& one : found.variables) {
    print(fmt::format("{:<32} {}", one.name,
                      one.value ? replaced(*one.value, "\n", "\\n") : "(secret)"));
  }
  if (found.variables.empty()) {
    note(fmt::format("No variables yet. Set one with: temps env set {} NAME=value{}",
                     options.project, flag_of(options)));
  } else {
    note(fmt::format("Version {}. A secret: temps env reveal {} NAME{}", found.version,
                     options.project, flag_of(options)));
  }
}

// The value of a name that came without one: asked for, or all of standard input.
Task<std::string> value_of(std::string name) {
  if (is_terminal(STDIN_FILENO)) {
    const auto secret = co_await ask_secret("Value of " + name);
    co_return secret.reveal();
  }
  auto text = co_await all_of_stdin(value_bytes_max + 2);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  co_return text;
}

Task<> set(net::Loop& loop, Common common, VariableOptions options) {
  Edit edit;
  std::optional<std::string> asked;
  for (const auto& word : options.words) {
    const auto [name, value] = cut(word, "=");
    if (word.contains('=')) {
      edit.set[std::string(name)] = {std::string(value),
                                     kind_of(options, std::string(name), std::string(value))};
    } else if (asked) {
      co_await fail(errors::usage,
                    "only one value can come from standard input; give the others as NAME=value");
    } else {
      asked = word;
    }
  }
  if (asked) {
    // Who takes the trouble to keep it off the command line means it to be hidden.
    edit.set[*asked] = {co_await value_of(*asked), options.plain ? "plain" : "secret"};
  }
  co_await send(loop, common, std::move(options), std::move(edit));
}

Task<> import_file(net::Loop& loop, Common common, VariableOptions options) {
  const auto text = options.file == "-"
                        ? co_await all_of_stdin(dotenv::file_bytes_max)
                        : co_await files::read(options.file, dotenv::file_bytes_max);
  auto parsed = dotenv::parse(text);
  if (!parsed) {
    co_await fail(errors::usage, "{}, {}; nothing was imported",
                  options.file == "-" ? "standard input" : options.file, parsed.error().detail());
  }
  Edit edit;
  for (auto& [name, value] : *parsed) {
    auto kind = kind_of(options, name, value);
    edit.set[name] = {std::move(value), std::move(kind)};
  }
  if (edit.set.empty()) co_await fail(errors::usage, "{} holds no variables", options.file);
  co_await send(loop, common, std::move(options), std::move(edit));
}

Task<std::string> reveal_one(ApiClient& client, const VariableOptions& options, std::string name) {
  const auto path = path_of(options, fmt::format("/variables/{}/reveal", percent_encoded(name)));
  const auto text = co_await client.call("POST", path);
  co_return (co_await json::decode<Revealed>(text)).value;
}

Task<> reveal(net::Loop& loop, Common common, VariableOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  if (common.format == Format::json) {
    const auto path = path_of(
        options, fmt::format("/variables/{}/reveal", percent_encoded(options.words.front())));
    print(co_await client.call("POST", path));
    co_return;
  }
  print(co_await reveal_one(client, options, options.words.front()));
}

Task<> pull(net::Loop& loop, Common common, VariableOptions options) {
  std::error_code ignored;
  if (!options.force && std::filesystem::exists(options.file, ignored)) {
    co_await fail(errors::usage, "{} is there already; --force overwrites it, --file names another",
                  options.file);
  }
  ApiClient client(loop, co_await find_target(common.url));
  const auto found = co_await client.get<Variables>(path_of(options));
  dotenv::Variables all;
  for (const auto& one : found.variables) {
    all[one.name] = one.value ? *one.value : co_await reveal_one(client, options, one.name);
  }
  co_await files::write_atomically(options.file, dotenv::write(all), 0600);
  print(fmt::format("Wrote {} variables of {} to {}.", all.size(), options.environment,
                    options.file));
  note("It holds secrets in plain text: keep it out of git.");
}

Task<> versions(net::Loop& loop, Common common, VariableOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path_of(options, "/variable-versions?limit=50"));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto found = co_await json::decode<Versions>(text);
  for (const auto& one : found.items) {
    print(fmt::format("{:<5} {}  {:<28} {}", one.number, one.made_at.substr(0, 19), one.made_by,
                      summary({one.number, one.set, one.removed})));
  }
  if (found.items.empty()) note("No variables yet.");
}

}  // namespace

Result<> list_variables(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(list(loop, common, options));
}
Result<> set_variables(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(set(loop, common, options));
}
Result<> unset_variables(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(send(loop, common, options, {.set = {}, .remove = options.words}));
}
Result<> import_variables(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(import_file(loop, common, options));
}
Result<> pull_variables(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(pull(loop, common, options));
}
Result<> reveal_variable(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(reveal(loop, common, options));
}
Result<> list_variable_versions(const Common& common, const VariableOptions& options) {
  net::Loop loop;
  return loop.run(versions(loop, common, options));
}

}  // namespace temps::app
