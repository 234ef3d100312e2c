#include "postgres/installation.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/text.hpp"
#include "process/process.hpp"

namespace temps::postgres {

namespace {

using std::filesystem::path;

// Where Debian keeps one folder per major version, outside PATH.
constexpr std::string_view versions_folder = "/usr/lib/postgresql";

bool has_programs(const path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / "postgres", ignored) &&
         std::filesystem::exists(folder / "initdb", ignored);
}

std::vector<path> usual_folders() {
  std::vector<path> folders;
  if (const auto program = process::find_program("postgres")) {
    // May be a link to where the programs really are, with all that belongs to them.
    std::error_code ignored;
    folders.push_back(std::filesystem::weakly_canonical(*program, ignored).parent_path());
  }
  std::error_code error;
  for (std::filesystem::directory_iterator entry(versions_folder, error), end;
       !error && entry != end; entry.increment(error)) {
    folders.push_back(entry->path() / "bin");
  }
  return folders;
}

Task<std::vector<Installation>> installations(net::Loop& loop, const Options& options) {
  std::vector<Installation> found;
  std::set<path> seen;
  for (const auto& folder : options.program_folders.value_or(usual_folders())) {
    std::error_code ignored;
    const auto real = std::filesystem::weakly_canonical(folder, ignored);
    if (!has_programs(real) || !seen.insert(real).second) continue;
    const process::Spec spec{.command = {(real / "postgres").native(), "--version"},
                             .environment = {{"LANG", "C.UTF-8"}}};
    auto answer =
        co_await attempt(within(std::chrono::seconds(10), process::capture(loop, spec, {}, 4096)));
    if (!answer) {
      if (answer.error().code().kind == ErrorKind::cancelled) co_await fail(answer.error());
      continue;
    }
    found.push_back({real, parse_version(answer->out)});
  }
  std::ranges::sort(found, std::greater(), &Installation::major_version);
  co_return found;
}

}  // namespace

int parse_version(std::string_view text) {
  constexpr std::string_view before = "(PostgreSQL) ";
  const auto at = text.find(before);
  if (at == std::string_view::npos) return 0;
  const auto number = text.substr(at + before.size());
  int major = 0;
  std::from_chars(number.data(), number.data() + number.size(), major);
  return major > 0 ? major : 0;
}

Task<Installation> find_installation(net::Loop& loop, const Options& options, int wanted,
                                     const path& data) {
  const auto found = co_await installations(loop, options);
  if (wanted == 0) {
    if (!found.empty() && found.front().major_version >= major_version_min) {
      co_return found.front();
    }
    co_await fail(errors::not_installed,
                  "PostgreSQL {} or newer is not installed. Install it: apt-get install "
                  "postgresql (or give the address of a server of your own)",
                  major_version_min);
  }
  if (found.empty()) {
    co_await fail(errors::not_installed,
                  "PostgreSQL is not installed, and the data in {} needs it. Install it: apt-get "
                  "install postgresql-{}",
                  data.native(), wanted);
  }
  const auto same = std::ranges::find(found, wanted, &Installation::major_version);
  if (same != found.end() && wanted >= major_version_min) co_return *same;
  std::vector<std::string> here;
  for (const auto& each : found) here.push_back(std::to_string(each.major_version));
  co_await fail(errors::wrong_version,
                "the data in {} was written by PostgreSQL {}, and this machine has {}. Install "
                "that version (apt-get install postgresql-{}), or move the folder away to start "
                "with an empty database",
                data.native(), wanted, join(here, ", "), wanted);
  co_return Installation{};
}

}  // namespace temps::postgres
