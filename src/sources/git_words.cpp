#include "sources/git_words.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/text.hpp"
#include "sources/errors.hpp"

namespace temps::sources {

namespace {

constexpr std::size_t line_bytes_max = 500;
constexpr std::size_t words_bytes_max = 4096;

bool says(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [text](auto part) { return text.contains(part); });
}

// Their last line is mostly the reason.
std::string shortened(std::string_view said) {
  std::string words;
  for (const auto line : split(said, '\n')) {
    auto text = trimmed(line);
    if (text.starts_with("fatal: ")) text.remove_prefix(7);
    if (text.empty() || text.starts_with("Warning: Permanently added")) continue;
    words += (words.empty() ? "" : "; ") + std::string(text);
  }
  return to_utf8(words.substr(0, line_bytes_max));
}

Error wants_credential(const Asked& asked) {
  const auto how =
      asked.is_ssh
          ? fmt::format("add the project's deploy key to the repository: temps source show {}",
                        asked.project)
          : fmt::format("give a token that may read it: temps source set {} {} --token-stdin",
                        asked.project, asked.url);
  const auto why = asked.has_credential ? "does not take the credential that was given"
                                        : "opens only with a credential, or is not there";
  return {errors::wants_credential, fmt::format("{} {}; {}", asked.url, why, how)};
}

Error unreachable(const Asked& asked, std::string_view said) {
  std::string hint = "check its host and this machine's network";
  if (says(said, {"SSL certificate", "certificate verification", "server certificate"})) {
    hint =
        "its certificate is not trusted here; name your own certificate authority in the setting "
        "ca_file";
  }
  return {errors::unreachable,
          fmt::format("{} cannot be reached ({}); {}", asked.url, shortened(said), hint)};
}

}  // namespace

Error explain(std::string_view said, const Asked& asked) {
  if (says(said, {"REMOTE HOST IDENTIFICATION HAS CHANGED", "Host key verification failed"})) {
    return {errors::other_host_key,
            fmt::format("{} shows another key than at the first time; if that is right (its "
                        "operator says so), take its line out of {} on the server",
                        asked.host, asked.known_hosts)};
  }
  if (says(said, {"terminal prompts disabled", "Authentication failed", "Permission denied",
                  "error: 401", "error: 403", "HTTP Basic: Access denied",
                  "could not read Username", "could not read Password"})) {
    return wants_credential(asked);
  }
  if (says(said,
           {"error: 301", "error: 302", "error: 303", "error: 307", "error: 308", "redirect"})) {
    return {errors::moved,
            fmt::format("{} leads elsewhere, and that is not followed; give the final address, "
                        "often .git is missing at its end",
                        asked.url)};
  }
  if (says(said, {"error: 404", "not found", "Not Found", "does not exist",
                  "does not appear to be a git repository", "no such repository"})) {
    return {errors::not_there,
            fmt::format("there is no git repository at {}; check the address{}", asked.url,
                        asked.has_credential
                            ? ", and whether the credential may see it"
                            : "; a private one may say the same where a credential is missing")};
  }
  if (says(said, {"Could not resolve", "Failed to connect", "Connection refused",
                  "Connection timed out", "Operation timed out", "Network is unreachable",
                  "No route to host", "SSL ", "certificate", "Connection reset",
                  "Connection closed", "Operation too slow", "Could not connect"})) {
    return unreachable(asked, said);
  }
  if (says(said, {"not valid: is this a git repository", "Could not read from remote"})) {
    return {errors::not_there,
            fmt::format("there is no git repository at {}: {}", asked.url, shortened(said))};
  }
  return {errors::failed, fmt::format("git could not read {}: {}", asked.url, shortened(said))};
}

std::string listed(const std::vector<std::string>& branches) {
  constexpr std::size_t shown_max = 20;
  const auto count = std::min(branches.size(), shown_max);
  auto text = join({branches.begin(), branches.begin() + static_cast<std::ptrdiff_t>(count)}, ", ");
  if (branches.size() > count) text += fmt::format(" and {} more", branches.size() - count);
  return text;
}

// A step is written again and again, each time with \r behind, and at its end with \n.
std::vector<std::string> ProgressLines::feed(std::string_view bytes) {
  std::vector<std::string> complete;
  for (const char c : bytes) {
    if (c == '\r') {
      line_.clear();
    } else if (c != '\n') {
      if (line_.size() < line_bytes_max) line_ += c;
    } else {
      auto text = to_utf8(trimmed(line_));
      line_.clear();
      if (text.empty()) continue;
      if (words_.size() < words_bytes_max) words_ += text + "\n";
      complete.push_back(std::move(text));
    }
  }
  return complete;
}

}  // namespace temps::sources
