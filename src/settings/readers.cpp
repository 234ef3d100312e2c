#include "settings/readers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/network.hpp"
#include "core/text.hpp"
#include "net/dns.hpp"
#include "settings/public_url.hpp"
#include "settings/units.hpp"

namespace temps::settings {

namespace {

std::unexpected<Error> expected(std::string_view form) {
  return fail(errors::bad_value, "{}", form);
}

}  // namespace

Result<> read(std::string& to, std::string_view text) {
  to = text;
  return {};
}

Result<> read(Secret& to, std::string_view text) {
  to = Secret(std::string(text));
  return {};
}

Result<> read(bool& to, std::string_view text) {
  if (text != "on" && text != "off") return expected("on or off");
  to = text == "on";
  return {};
}

Result<> read(std::filesystem::path& to, std::string_view text) {
  to = std::filesystem::path(text);
  return {};
}

Result<> read(net::Address& to, std::string_view text) {
  // ":8080" is every address of this machine.
  const auto whole = text.starts_with(':') ? "0.0.0.0" + std::string(text) : std::string(text);
  auto address = net::parse_address(whole);
  if (!address || address->is_unix()) return expected("address:port, such as 0.0.0.0:8080");
  to = std::move(*address);
  return {};
}

Result<> read(std::optional<net::Address>& to, std::string_view text) {
  net::Address address;
  if (auto done = read(address, text); !done) return done;
  to = std::move(address);
  return {};
}

Result<> read(std::uint16_t& to, std::string_view text) {
  const auto value = parse_number<std::uint16_t>(text);
  if (!value || *value == 0) return expected("a port, such as 443");
  to = *value;
  return {};
}

Result<> read(std::vector<std::string>& to, std::string_view text) {
  to.clear();
  for (const auto part : split(text, ',')) {
    auto address = net::canonical_address(trimmed(part));
    if (!address) return expected("IP addresses with commas between them, such as 203.0.113.7");
    to.push_back(std::move(*address));
  }
  return {};
}

Result<> read(double& to, std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value) || value < 0.1 || value > 1024) {
    return expected("a number from 0.1 to 1024");
  }
  to = value;
  return {};
}

Result<> read(std::uint32_t& to, std::string_view text) {
  const auto value = parse_number<std::uint32_t>(text);
  if (!value || *value == 0 || *value > 64) return expected("a number from 1 to 64");
  to = *value;
  return {};
}

Result<> read(std::uint64_t& to, std::string_view text) {
  const auto value = parse_bytes(text);
  if (!value || *value == 0) return expected("bytes, such as 512MB");
  to = *value;
  return {};
}

Result<> read(std::chrono::seconds& to, std::string_view text) {
  const auto value = parse_duration(text);
  if (!value || value->count() == 0) return expected("a time, such as 20m");
  to = *value;
  return {};
}

Result<> into_build_cache(Settings& settings, std::string_view text) {
  constexpr std::uint64_t megabytes_max = 1'000'000'000;
  const auto value = parse_number<std::uint64_t>(text);
  if (!value || *value > megabytes_max) return expected("a number of megabytes, such as 10240");
  settings.build_cache_mb_max = *value;
  return {};
}

Result<> into_dns_server(Settings& settings, std::string_view text) {
  const bool has_port = net::parse_address(text).has_value();
  const auto whole = has_port ? std::string(text) : fmt::format("{}:53", text);
  const auto address = net::parse_address(whole);
  const bool is_v6 = whole.find('[') != std::string::npos;
  if (!address || address->is_unix() || is_v6 || !net::canonical_address(address->host)) {
    return expected("the IPv4 address of a name server, such as 9.9.9.9");
  }
  settings.dns_server = whole;
  return {};
}

Result<> into_acme_directory(Settings& settings, std::string_view text) {
  if (!text.starts_with("https://") || text.size() == std::string_view("https://").size()) {
    return expected("an address that begins with https://");
  }
  settings.acme_directory = text;
  return {};
}

Result<> into_public_url(Settings& settings, std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  if (!parse_public_url(text)) return expected("http://name:port or https://name");
  settings.public_url = text;
  return {};
}

Result<> into_base_domain(Settings& settings, std::string_view text) {
  auto name = lowered(text);
  if (name.starts_with("*.")) name.erase(0, 2);
  const auto url = parse_public_url("http://" + name);
  const bool is_plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  const bool is_address = url && net::canonical_address(url->host);
  if (!url || (!is_plain && !is_address) || name.starts_with('.')) {
    return expected("a name, such as apps.example.com");
  }
  settings.base_domain = url->host;
  return {};
}

Result<> into_proxy_threads(Settings& settings, std::string_view text) {
  const auto value = parse_number<std::uint32_t>(text);
  if (!value || *value > 256) return expected("a number from 0 to 256; 0 is one per core");
  settings.proxy_threads = *value;
  return {};
}

Result<> into_kernel_tls(Settings& settings, std::string_view text) {
  if (text != "auto" && text != "off") return expected("auto or off");
  settings.kernel_tls = text == "auto";
  return {};
}

Result<> into_client_rate_min(Settings& settings, std::string_view text) {
  const auto value = parse_bytes(text);
  if (!value) return expected("bytes a second, such as 128; 0 is no limit");
  settings.client_rate_min = *value;
  return {};
}

Result<> into_access_log(Settings& settings, std::string_view text) {
  if (text == "off" || text == "full") {
    settings.access_log = text == "full" ? 1 : 0;
    return {};
  }
  double share = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, share);
  if (error != std::errc{} || stop != end || !(share >= 0 && share <= 1)) {
    return expected("off, full, or the share of requests, such as 0.1");
  }
  settings.access_log = share;
  return {};
}

Result<> read_networks(std::vector<std::string>& to, std::string_view text) {
  to.clear();
  Networks networks;
  for (const auto part : split(text, ',')) {
    to.emplace_back(trimmed(part));
    if (!networks.add(to.back()))
      return expected(
          "networks with commas between them, such as 203.0.113.0/24, or the words "
          "loopback and private");
  }
  return {};
}

Result<> read_days(std::uint32_t& to, std::string_view text) {
  const auto value = parse_number<std::uint32_t>(text);
  if (!value || *value == 0 || *value > 3650) return expected("a number from 1 to 3650");
  to = *value;
  return {};
}

Result<> wrong_word() { return expected("one of the words that the help lists"); }

}  // namespace temps::settings
