#include "sources/address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "core/text.hpp"
#include "sources/errors.hpp"

namespace temps::sources {

namespace {

constexpr std::size_t url_bytes_max = 2000;
constexpr std::size_t branch_bytes_max = 200;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_made_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(
      text, [more](char c) { return is_letter(c) || more.find(c) != std::string_view::npos; });
}

std::unexpected<Error> wrong(std::string_view why) {
  return std::unexpected(Error(
      errors::bad_url,
      fmt::format("{}; give it as https://host/path.git, ssh://git@host/path.git or git@host:path",
                  why),
      {FieldError{"/url", std::string(why)}}));
}

bool is_host(std::string_view host) {
  if (host.contains(':')) return IpAddress::parse(host).has_value();
  return !host.empty() && host.size() <= 253 && is_letter(host.front()) && is_letter(host.back()) &&
         is_made_of(host, ".-");
}
bool is_user(std::string_view user) {
  return !user.empty() && user.size() <= 64 && is_letter(user.front()) && is_made_of(user, "._-");
}
// What git servers have in their paths; nothing that a shell or git reads as more.
bool is_path(std::string_view path) {
  return !path.empty() && path != "/" && !path.starts_with('-') && !path.contains("/-") &&
         is_made_of(path, "/._~+%@,=-");
}

// "[2001:db8::1]:2222", "host", "host:2222"
Result<> read_authority(std::string_view authority, RepositoryUrl& url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return wrong("its host is not closed by ]");
    url.host = authority.substr(1, end - 1);
    const auto rest = authority.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return wrong("its host is none");
    port = rest.empty() ? "" : rest.substr(1);
    if (!url.host.contains(':')) return wrong("its host is none");
  } else {
    const auto [host, behind] = cut(authority, ":");
    url.host = lowered(host);
    port = behind;
  }
  if (!is_host(url.host)) return wrong("its host is none");
  if (port.empty()) return {};
  const auto number = parse_number<std::uint16_t>(port);
  if (!number || *number == 0) return wrong("its port is none");
  url.port = *number;
  return {};
}

Result<RepositoryUrl> read_short(std::string_view text) {
  RepositoryUrl url{.scheme = Scheme::ssh, .is_short = true};
  const auto [place, path] = cut(text, ":");
  const auto at = place.find('@');
  url.user = at == std::string_view::npos ? "git" : place.substr(0, at);
  url.host = lowered(at == std::string_view::npos ? place : place.substr(at + 1));
  url.path = path;
  if (!is_user(url.user) || !is_host(url.host)) return wrong("this is no address of a repository");
  if (!is_path(url.path)) return wrong("its path has characters that are not taken here");
  return url;
}

std::string_view scheme_word(Scheme scheme) {
  return scheme == Scheme::https ? "https" : scheme == Scheme::http ? "http" : "ssh";
}

std::string bracketed(const std::string& host) {
  return host.contains(':') ? fmt::format("[{}]", host) : host;
}

}  // namespace

Result<RepositoryUrl> RepositoryUrl::parse(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return wrong("it is empty");
  if (text.size() > url_bytes_max) return wrong("it is too long");
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) {
    if (text.contains("::")) return wrong("git's own transports (ext::) are not used here");
    if (text.contains(':')) return read_short(text);
    return wrong("a path of this machine is no repository elsewhere");
  }
  RepositoryUrl url;
  const auto scheme = lowered(text.substr(0, scheme_end));
  if (scheme == "https") {
    url.scheme = Scheme::https;
  } else if (scheme == "http") {
    url.scheme = Scheme::http;
  } else if (scheme == "ssh" || scheme == "git+ssh") {
    url.scheme = Scheme::ssh;
  } else if (scheme == "file") {
    return wrong("files of this machine are no repository elsewhere");
  } else {
    return wrong(fmt::format("\"{}\" is not spoken here", to_utf8(scheme.substr(0, 20))));
  }
  auto rest = text.substr(scheme_end + 3);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return wrong("its path is missing");
  url.path = rest.substr(slash);
  auto authority = rest.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const auto user = authority.substr(0, at);
    if (url.scheme != Scheme::ssh || user.contains(':')) {
      return wrong("credentials do not belong into it but into a token, which is kept sealed");
    }
    if (!is_user(user)) return wrong("its user is none");
    url.user = user;
    authority.remove_prefix(at + 1);
  }
  if (auto done = read_authority(authority, url); !done) return std::unexpected(done.error());
  if (url.scheme == Scheme::ssh && url.user.empty()) url.user = "git";
  if (!is_path(url.path)) return wrong("its path has characters that are not taken here");
  return url;
}

std::string RepositoryUrl::text() const {
  if (is_short) return fmt::format("{}@{}:{}", user, host, path);
  return fmt::format("{}://{}{}{}{}", scheme_word(scheme), user.empty() ? "" : user + "@",
                     bracketed(host), port == 0 ? "" : fmt::format(":{}", port), path);
}

std::uint16_t RepositoryUrl::port_or_usual() const {
  if (port != 0) return port;
  return scheme == Scheme::https ? 443 : scheme == Scheme::http ? 80 : 22;
}

std::string RepositoryUrl::origin() const {
  return fmt::format("{}://{}:{}", scheme_word(scheme), bracketed(host), port_or_usual());
}

// git check-ref-format(1), and no pattern of a refspec.
Result<> check_branch(std::string_view branch) {
  const bool is_plain = std::ranges::all_of(branch, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f &&
           std::string_view("~^:?*[\\").find(c) == std::string_view::npos;
  });
  const bool is_name = !branch.empty() && branch.size() <= branch_bytes_max && is_plain &&
                       is_utf8(branch) && !branch.starts_with('-') && !branch.starts_with('/') &&
                       !branch.ends_with('/') && !branch.ends_with('.') && !branch.contains("..") &&
                       !branch.contains("//") && !branch.contains("@{") && branch != "@" &&
                       std::ranges::none_of(split(branch, '/'), [](std::string_view part) {
                         return part.starts_with('.') || part.ends_with(".lock");
                       });
  if (is_name) return {};
  return std::unexpected(
      Error(errors::bad_branch,
            fmt::format("\"{}\" is no name of a branch", to_utf8(branch.substr(0, 100))),
            {FieldError{"/branch", "is no name of a branch"}}));
}

bool is_inner_address(const IpAddress& address, const std::vector<IpAddress>& own) {
  static const Networks inner = [] {
    Networks networks;
    // Here, nowhere, link-local, everybody at once; and where AWS answers over IPv6.
    for (const auto* text : {"127.0.0.0/8", "::1", "0.0.0.0/8", "::", "169.254.0.0/16", "fe80::/10",
                             "224.0.0.0/3", "ff00::/8", "fd00:ec2::254"}) {
      networks.add(text);
    }
    return networks;
  }();
  // An IPv4 address inside of an IPv6 one: NAT64, 6to4 and what was "IPv4-compatible" once.
  const auto& bytes = address.bytes();
  const auto embedded = [&bytes](std::size_t at) {
    return IpAddress::of(std::span(bytes).subspan(at, 4));
  };
  static const auto nat64 = Network::parse("64:ff9b::/96");
  static const auto six_to_four = Network::parse("2002::/16");
  static const auto compatible = Network::parse("::/96");
  if (nat64->contains(address) && is_inner_address(embedded(12), own)) return true;
  if (six_to_four->contains(address) && is_inner_address(embedded(2), own)) return true;
  if (compatible->contains(address)) return true;
  return inner.contains(address) || std::ranges::find(own, address) != own.end();
}

std::vector<IpAddress> own_addresses() {
  std::vector<IpAddress> found;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return found;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owned(all, ::freeifaddrs);
  for (const auto* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (one->ifa_addr->sa_family == AF_INET) {
      bytes = &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr;
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      bytes = &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
    }
    if (bytes == nullptr) continue;
    if (::inet_ntop(one->ifa_addr->sa_family, bytes, text.data(), text.size()) == nullptr) continue;
    if (const auto address = IpAddress::parse(text.data())) found.push_back(*address);
  }
  return found;
}

namespace {

// Blocks, as the C library's resolver does; /etc/hosts counts, as it does for git.
Result<std::vector<IpAddress>> resolve(const std::string& host) {
  if (const auto literal = IpAddress::parse(host)) return std::vector{*literal};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* all = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &all);
  if (failed != 0) {
    return fail(errors::unreachable,
                "the name {} is not found ({}); check how it is written, and this machine's name "
                "servers",
                host, ::gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(all, ::freeaddrinfo);
  std::vector<IpAddress> found;
  for (const auto* one = all; one != nullptr; one = one->ai_next) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = one->ai_family == AF_INET
                            ? static_cast<const void*>(
                                  &reinterpret_cast<const sockaddr_in*>(one->ai_addr)->sin_addr)
                            : &reinterpret_cast<const sockaddr_in6*>(one->ai_addr)->sin6_addr;
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    if (::inet_ntop(one->ai_family, bytes, text.data(), text.size()) == nullptr) continue;
    if (const auto address = IpAddress::parse(text.data())) found.push_back(*address);
  }
  return found;
}

}  // namespace

Result<> check_addresses(const std::string& host, const std::vector<IpAddress>& found,
                         const Networks& permitted) {
  if (found.empty()) return fail(errors::unreachable, "the name {} has no address", host);
  const auto own = own_addresses();
  for (const auto& address : found) {
    if (!is_inner_address(address, own) || permitted.contains(address)) continue;
    return std::unexpected(
        Error(errors::refused_address,
              fmt::format("{} is at {}, an address of this machine or of its own link, where "
                          "nothing is fetched from; the setting source_networks permits it",
                          host, address.text()),
              {FieldError{"/url", "is at an address of this machine or of its own link"}}));
  }
  return {};
}

Result<> check_encryption(const RepositoryUrl& url, const std::vector<IpAddress>& found) {
  static const Networks here = [] {
    Networks networks;
    networks.add("loopback");
    return networks;
  }();
  const bool is_here = !found.empty() && std::ranges::all_of(found, [](const IpAddress& one) {
    return here.contains(one);
  });
  if (url.scheme != Scheme::http || is_here) return {};
  return std::unexpected(
      Error(errors::bad_url,
            "http:// lets anyone on the way read and change code and credentials; give the "
            "repository's https:// address",
            {FieldError{"/url", "must begin with https://"}}));
}

Task<std::vector<IpAddress>> look_up(net::Loop& loop, std::string host, const Networks& permitted) {
  auto looked = co_await loop.offload([host] { return resolve(host); });
  auto found = co_await std::move(looked);
  co_await check_addresses(host, found, permitted);
  co_return found;
}

}  // namespace temps::sources
