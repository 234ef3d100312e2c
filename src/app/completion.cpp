#include "app/completion.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

// All three ask `temps complete -- WORDS…`: a line for each candidate, or ":files".
constexpr std::string_view bash_script =
    R"sh(# bash completion for temps: source <(temps completion bash)
_temps() {
  local words answer line
  # COMP_WORDS is cut at ':' and '=', too; the line as typed is not.
  read -r -a words <<<"${COMP_LINE:0:COMP_POINT}"
  [[ "${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]] && words+=("")
  COMPREPLY=()
  answer=$("${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null) || return 0
  if [[ $answer == ":files" ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
    return 0
  fi
  while IFS= read -r line; do
    [[ -n $line ]] && COMPREPLY+=("$line")
  done <<<"$answer"
  return 0
}
complete -F _temps temps
)sh";

constexpr std::string_view zsh_script = R"sh(#compdef temps
# zsh completion for temps: source <(temps completion zsh), or a file _temps in $fpath
_temps() {
  local answer
  answer=$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null) || return 1
  if [[ $answer == ":files" ]]; then
    _files
    return
  fi
  [[ -n $answer ]] && compadd -- "${(@f)answer}"
}
if [[ $funcstack[1] == _temps ]]; then
  _temps "$@"
else
  compdef _temps temps
fi
)sh";

constexpr std::string_view fish_script =
    R"sh(# fish completion for temps: temps completion fish | source
function __temps_complete
  set -l words (commandline -opc)
  set -l answer ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if test "$answer" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\n' $answer
  end
end
complete -c temps -f -a '(__temps_complete)'
)sh";

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

const CLI::Option* option_named(const CLI::App& app, const std::string& word) {
  const auto name = std::string(cut(word, "=").first);
  for (const auto* option : app.get_options()) {
    if (!option->get_positional() && option->check_name(name)) return option;
  }
  return nullptr;
}

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

const CLI::App* command_named(const CLI::App& app, const std::string& word) {
  const auto found =
      app.get_subcommands([&word](const CLI::App* one) { return one->get_name() == word; });
  return found.empty() ? nullptr : found.front();
}

void offer(Completions& to, const std::string& word, const std::string& typed) {
  if (word.starts_with(typed)) to.words.push_back(word);
}

// A value of the option or of the word at this place.
void offer_values(Completions& to, const std::string& name) {
  if (name == "project" || name == "--project") to.projects = true;
  if (name == "folder" || name == "--folder" || name.ends_with("-file") || name == "--chain" ||
      name == "--key") {
    to.files = true;
  }
}

struct Place {
  const CLI::App* app;
  std::size_t positionals = 0;           // that are there already
  const CLI::Option* waiting = nullptr;  // whose value comes next
};

Place place_of(const CLI::App& app, const std::vector<std::string>& before) {
  Place place{.app = &app};
  for (const auto& word : before) {
    if (place.waiting != nullptr) {
      place.waiting = nullptr;
    } else if (word.starts_with('-')) {
      const auto* option = option_named(*place.app, word);
      if (option != nullptr && takes_value(*option) && !word.contains('=')) place.waiting = option;
    } else if (const auto* command = command_named(*place.app, word)) {
      place = {.app = command};
    } else {
      ++place.positionals;
    }
  }
  return place;
}

}  // namespace

Completions complete(const CLI::App& app, const std::vector<std::string>& typed) {
  Completions found;
  if (typed.empty()) return found;
  const auto& last = typed.back();
  const auto place = place_of(app, {typed.begin(), typed.end() - 1});
  if (place.waiting != nullptr) {
    offer_values(found, "--" + place.waiting->get_lnames().front());
    return found;
  }
  if (last.starts_with('-')) {
    for (const auto* option : place.app->get_options()) {
      if (option->get_group().empty()) continue;
      for (const auto& name : option->get_lnames()) offer(found, "--" + name, last);
    }
    return found;
  }
  if (place.positionals == 0) {
    for (const auto* command : shown_commands(*place.app)) offer(found, command->get_name(), last);
  }
  std::size_t index = 0;
  for (const auto* option : place.app->get_options()) {
    if (!option->get_positional()) continue;
    if (index++ == place.positionals) offer_values(found, option->get_name(true));
  }
  return found;
}

int print_completions(const CLI::App& app, const Common& common, std::vector<std::string> given) {
  given.erase(given.begin());
  if (!given.empty() && given.front() == "--") given.erase(given.begin());
  const auto found = complete(app, given);
  if (found.files) print(":files");
  for (const auto& word : found.words) print(word);
  if (!found.projects) return 0;
  const auto names = project_names(common);
  for (const auto& name : names.value_or(std::vector<std::string>{})) {
    if (name.starts_with(given.back())) print(name);
  }
  return 0;
}

std::optional<std::string> meant_command(const CLI::App& app,
                                         const std::vector<std::string>& given) {
  const auto* at = &app;
  std::string so_far = "temps";
  for (const auto& word : given) {
    if (word.starts_with('-')) return std::nullopt;
    if (const auto* command = command_named(*at, word)) {
      at = command;
      so_far += " " + word;
      continue;
    }
    const auto commands = shown_commands(*at);
    std::vector<std::string> names;
    for (const auto* command : commands) names.push_back(command->get_name());
    const auto meant = nearest(word, std::vector<std::string_view>(names.begin(), names.end()));
    if (!meant) return std::nullopt;
    return so_far + " " + std::string(*meant);
  }
  return std::nullopt;
}

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return std::string(bash_script);
  if (shell == "zsh") return std::string(zsh_script);
  if (shell == "fish") return std::string(fish_script);
  return {};
}

}  // namespace temps::app
