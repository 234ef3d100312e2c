#include "sources/remote.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"
#include "sources/errors.hpp"

namespace temps::sources {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t branches_bytes_max = std::size_t{8} << 20U;

// Settings by the environment: a command line is there for every user of the machine to read.
void configure(std::map<std::string, std::string>& variables,
               const std::vector<std::pair<std::string, std::string>>& settings) {
  variables["GIT_CONFIG_COUNT"] = std::to_string(settings.size());
  for (std::size_t i = 0; i < settings.size(); ++i) {
    variables[fmt::format("GIT_CONFIG_KEY_{}", i)] = settings[i].first;
    variables[fmt::format("GIT_CONFIG_VALUE_{}", i)] = settings[i].second;
  }
}

bool has_proxy(const std::map<std::string, std::string>& variables, Scheme scheme) {
  if (scheme == Scheme::ssh) return false;
  const auto* name = scheme == Scheme::https ? "https_proxy" : "http_proxy";
  const auto found = variables.find(name);
  return found != variables.end() && !found->second.empty();
}

std::string in_quotes(std::string_view text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

// "host" as OpenSSH lists it among the known ones.
std::string known_name(const RepositoryUrl& url) {
  return url.port_or_usual() == 22 ? url.host : fmt::format("[{}]:{}", url.host, url.port);
}

std::string ssh_command(const RepositoryUrl& url, const std::string& address,
                        const std::filesystem::path& key,
                        const std::filesystem::path& known_hosts) {
  std::vector<std::string> words{"ssh", "-F", "/dev/null"};
  const auto option = [&words](std::string_view name, std::string_view value) {
    words.emplace_back("-o");
    words.push_back(in_quotes(fmt::format("{}={}", name, value)));
  };
  option("BatchMode", "yes");
  option("IdentitiesOnly", "yes");
  option("IdentityAgent", "none");
  option("IdentityFile", key.empty() ? "none" : key.string());
  option("StrictHostKeyChecking", "accept-new");
  option("UserKnownHostsFile", known_hosts.string());
  option("GlobalKnownHostsFile", "/dev/null");
  option("HashKnownHosts", "no");
  option("ConnectTimeout", "20");
  option("ServerAliveInterval", "15");
  option("ForwardAgent", "no");
  option("ClearAllForwardings", "yes");
  option("HostKeyAlias", known_name(url));
  option("HostName", address);
  return join(words, " ");
}

// Everything that git has written into the pack folder so far.
std::uint64_t packs_size(const std::filesystem::path& repository) {
  std::uint64_t size = 0;
  std::error_code gone;
  for (const auto& entry :
       std::filesystem::directory_iterator(repository / "objects" / "pack", gone)) {
    const auto one = entry.file_size(gone);
    if (!gone) size += one;
  }
  return size;
}

// A fetch that was cut off leaves half of a pack.
void remove_half_packs(const std::filesystem::path& repository) {
  std::error_code gone;
  for (const auto& entry :
       std::filesystem::directory_iterator(repository / "objects" / "pack", gone)) {
    if (entry.path().filename().string().starts_with("tmp_")) {
      std::filesystem::remove(entry.path(), gone);
    }
  }
}

}  // namespace

struct Remote::Call {
  std::unique_ptr<files::TemporaryFolder> home;  // of this run alone
  std::map<std::string, std::string> variables;
  Asked asked;
};

// Nothing of this machine's or a user's configuration counts, one transport is left, no helper and
// no hook is run, and git connects to the very address that was checked.
Task<Remote::Call> Remote::prepare(const Opened& from) {
  Call call{.home = std::make_unique<files::TemporaryFolder>(),
            .variables = repositories_.environment(),
            .asked = {.url = from.url.text(),
                      .host = from.url.host,
                      .project = from.project,
                      .is_ssh = from.url.scheme == Scheme::ssh,
                      .has_credential = !from.token.empty() || !from.deploy_key.empty(),
                      .known_hosts = options_.known_hosts.string()}};
  auto addresses = co_await attempt(within(20s, look_up(loop_, from.url.host, options_.permitted)));
  // A proxy finds names by itself.
  const bool is_found_by_proxy = !addresses && addresses.error().is(errors::unreachable) &&
                                 has_proxy(call.variables, from.url.scheme);
  if (!addresses && !is_found_by_proxy) co_await fail(addresses.error());
  co_await check_encryption(from.url, addresses ? *addresses : std::vector<IpAddress>{});
  auto& variables = call.variables;
  variables["HOME"] = call.home->path().string();
  variables["LC_ALL"] = "C";
  variables["GIT_ALLOW_PROTOCOL"] = from.url.scheme == Scheme::https  ? "https"
                                    : from.url.scheme == Scheme::http ? "http"
                                                                      : "ssh";
  std::vector<std::pair<std::string, std::string>> settings{{"core.hooksPath", "/dev/null"},
                                                            {"credential.helper", ""},
                                                            {"core.askPass", ""},
                                                            {"http.followRedirects", "false"},
                                                            {"http.lowSpeedLimit", "1000"},
                                                            {"http.lowSpeedTime", "60"},
                                                            {"fetch.fsckObjects", "true"},
                                                            {"fetch.recurseSubmodules", "false"},
                                                            {"transfer.bundleURI", "false"},
                                                            {"gc.auto", "0"},
                                                            {"maintenance.auto", "false"},
                                                            {"fetch.writeCommitGraph", "false"}};
  if (addresses && from.url.scheme != Scheme::ssh) {
    std::vector<std::string> texts;
    for (const auto& one : *addresses) {
      const auto text = one.text();
      texts.push_back(text.contains(':') ? fmt::format("[{}]", text) : text);
    }
    if (!IpAddress::parse(from.url.host)) {
      settings.emplace_back(
          "http.curloptResolve",
          fmt::format("{}:{}:{}", from.url.host, from.url.port_or_usual(), join(texts, ",")));
    }
  }
  if (!from.token.empty()) {
    const auto user = from.user.empty() ? std::string("git") : from.user;
    settings.emplace_back("http.extraHeader",
                          "Authorization: Basic " + to_base64(user + ":" + from.token.reveal()));
  }
  configure(variables, settings);
  if (from.url.scheme == Scheme::ssh) {
    std::filesystem::path key;
    if (!from.deploy_key.empty()) {
      key = call.home->path() / "key";
      co_await files::write_atomically(key, from.deploy_key.reveal(), 0600);
    }
    co_await files::make_folder(options_.known_hosts.parent_path(), 0700);
    variables["GIT_SSH_COMMAND"] =
        ssh_command(from.url, addresses->front().text(), key, options_.known_hosts);
    variables["GIT_SSH_VARIANT"] = "ssh";
  }
  co_return call;
}

Task<std::string> Remote::ask(const Opened& from, std::vector<std::string> words) {
  auto call = co_await prepare(from);
  process::Spec spec{
      .command = {"git"}, .environment = call.variables, .folder = call.home->path().string()};
  spec.command.insert(spec.command.end(), words.begin(), words.end());
  auto done = co_await attempt(
      within(options_.ask_time, process::capture(loop_, std::move(spec), {}, branches_bytes_max)));
  if (!done && done.error().is(temps::errors::timed_out)) {
    co_await fail(errors::unreachable, "{} did not answer within {} s; try again later",
                  call.asked.url, options_.ask_time.count());
  }
  auto captured = co_await std::move(done);
  if (!captured.exit.is_success()) co_await fail(explain(captured.err, call.asked));
  co_return std::move(captured.out);
}

Task<Branches> Remote::branches(Opened from) {
  const auto text =
      co_await ask(from, {"ls-remote", "--symref", "--", from.url.text(), "HEAD", "refs/heads/*"});
  Branches found;
  constexpr std::string_view prefix = "refs/heads/";
  for (const auto line : split(text, '\n')) {
    const auto [what, ref] = cut(line, "\t");
    if (what.starts_with("ref: ") && ref == "HEAD") {
      const auto target = what.substr(5);
      if (target.starts_with(prefix)) found.standard = to_utf8(target.substr(prefix.size()));
    } else if (ref.starts_with(prefix)) {
      found.names.push_back(to_utf8(ref.substr(prefix.size())));
    }
  }
  co_return found;
}

namespace {

// One fetch, watched.
struct Fetch {
  process::Child child;
  std::filesystem::path repository;
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_max = 0;
  runtime::LineSink output;
  ProgressLines progress{};

  Task<process::Exit> to_its_end() {
    std::array<char, 8192> buffer{};
    for (;;) {
      const auto got = co_await child.err()->read_some(buffer);
      if (got == 0) break;
      for (const auto& line : progress.feed({buffer.data(), got})) output(line);
    }
    co_return co_await child.wait();
  }
  Task<process::Exit> until_too_large() {
    for (;;) {
      if (packs_size(repository) > bytes_before + bytes_max) {
        co_await fail(errors::too_large,
                      "the repository has more than {}; take large files out of its history, or "
                      "raise the limit: push_size_max",
                      human_bytes(bytes_max));
      }
      co_await sleep(50ms);
    }
  }
};

}  // namespace

Task<> Remote::fetch(Opened from, Wanted wanted, runtime::LineSink output) {
  co_await check_branch(wanted.branch);
  const auto there = co_await branches(from);
  if (std::ranges::find(there.names, wanted.branch) == there.names.end()) {
    co_await fail(
        errors::no_such_branch,
        there.names.empty()
            ? fmt::format("{} has no branches yet; push something there first", from.url.text())
            : fmt::format("{} has no branch {}; it has {}", from.url.text(), wanted.branch,
                          listed(there.names)));
  }
  auto call = co_await prepare(from);
  process::Spec spec{
      .command = {"git", "--git-dir", wanted.repository.string(), "fetch", "--progress",
                  "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--force",
                  "--no-auto-maintenance", "--end-of-options", from.url.text(),
                  fmt::format("+refs/heads/{}:{}", wanted.branch, wanted.ref)},
      .environment = call.variables,
      .folder = call.home->path().string(),
      .out = process::Output::discard,
      .nice = 5};
  auto fetch =
      std::make_unique<Fetch>(Fetch{.child = co_await process::Child::start(loop_, std::move(spec)),
                                    .repository = wanted.repository,
                                    .bytes_before = packs_size(wanted.repository),
                                    .bytes_max = options_.fetch_bytes_max,
                                    .output = std::move(output)});
  auto ended = co_await attempt(
      within(options_.fetch_time, race(fetch->to_its_end(), fetch->until_too_large())));
  const auto words = fetch->progress.words();
  fetch.reset();  // git is gone
  if (!ended || !ended->is_success()) remove_half_packs(wanted.repository);
  if (!ended && ended.error().is(temps::errors::timed_out)) {
    co_await fail(errors::too_slow, "{} was not here after {} s; the fetch was given up",
                  from.url.text(), options_.fetch_time.count());
  }
  const auto exit = co_await std::move(ended);
  if (!exit.is_success()) co_await fail(explain(words, call.asked));
}

}  // namespace temps::sources
