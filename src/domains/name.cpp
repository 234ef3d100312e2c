#include "domains/name.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "domains/errors.hpp"
#include "net/dns.hpp"

namespace temps::domains {
namespace {

constexpr std::size_t name_length_max = 253;     // RFC 1035 §2.3.4, as text
constexpr std::size_t label_length_max = 63;     // RFC 1035 §2.3.4
constexpr std::size_t target_length_max = 2000;  // what browsers of all ages follow
constexpr std::string_view wildcard = "*.";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= label_length_max && !label.starts_with('-') &&
         !label.ends_with('-') &&
         std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_address(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);
  return net::canonical_address(host).has_value() ||
         (!last.empty() && std::ranges::all_of(last, is_digit));
}

// What is wrong with the labels; empty when nothing is.
std::string wrong_labels(std::string_view host) {
  if (host.size() > name_length_max) {
    return fmt::format("a name has at most {} characters", name_length_max);
  }
  for (const auto label : split(host, '.')) {
    if (is_label(label)) continue;
    return fmt::format(
        "\"{}\" is no part of a name: 1 to {} letters, digits and hyphens, with no hyphen at "
        "either "
        "end",
        label.substr(0, label_length_max), label_length_max);
  }
  return {};
}

// The host in what a user may have pasted from the address bar.
std::string_view pasted_host(std::string_view given) {
  const auto scheme = given.find("://");
  if (scheme != std::string_view::npos) given.remove_prefix(scheme + 3);
  return given.substr(0, given.find_first_of("/:?#"));
}

bool is_same_or_below(std::string_view name, std::string_view base) {
  if (base.empty() || net::canonical_address(base)) return false;
  return name == base || (name.ends_with(base) && name[name.size() - base.size() - 1] == '.');
}

struct Target {
  std::string scheme;
  std::string host;
  std::string rest;  // port and path
};

Result<Target> parse_target(std::string_view given) {
  const auto [scheme, behind] = cut(given, "://");
  const bool plain = std::ranges::all_of(
      given, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '<'; });
  const auto end = std::min(behind.find_first_of("/:?#"), behind.size());
  Target target{lowered(scheme), lowered(behind.substr(0, end)), std::string(behind.substr(end))};
  const bool known = target.scheme == "https" || target.scheme == "http";
  if (!known || target.host.empty() || !plain || given.size() > target_length_max) {
    return fail(errors::bad_redirect,
                "\"{}\" is no address to redirect to; give one such as https://example.com",
                given.substr(0, 128));
  }
  if (target.rest.find_first_of("?#") != std::string::npos) {
    return fail(errors::bad_redirect, "a redirect leads to a host and a path, without ? and #");
  }
  if (auto wrong = wrong_labels(target.host); !wrong.empty()) {
    return fail(errors::bad_redirect, "{}", wrong);
  }
  if (target.rest.starts_with(':')) {
    const auto port = std::string_view(target.rest).substr(1, target.rest.find('/') - 1);
    if (!parse_number<std::uint16_t>(port)) {
      return fail(errors::bad_redirect, "\"{}\" is no port", port.substr(0, 16));
    }
  }
  return target;
}

}  // namespace

Result<std::string> usable_name(std::string_view given, std::string_view base_domain) {
  auto name = lowered(trimmed(given));
  if (name.ends_with('.')) name.pop_back();
  if (!std::ranges::all_of(name, is_ascii)) {
    return fail(errors::bad_name,
                "\"{}\" has letters that DNS does not; give the name in its ASCII form, which "
                "begins with xn--",
                name.substr(0, name_length_max));
  }
  if (name.find_first_of("/:?#") != std::string::npos && !net::canonical_address(name)) {
    return fail(errors::bad_name, "give the name only, without port and path: {}",
                pasted_host(name).substr(0, name_length_max));
  }
  const auto host = std::string_view(name).substr(name.starts_with(wildcard) ? 2 : 0);
  if (is_address(host)) {
    return fail(errors::bad_name,
                "\"{}\" is an IP address; a domain is a name, such as shop.example.com",
                host.substr(0, 64));
  }
  if (auto wrong = wrong_labels(host); !wrong.empty()) return fail(errors::bad_name, "{}", wrong);
  if (host.find('.') == std::string_view::npos) {
    return fail(errors::bad_name, "\"{}\" has one part only; a domain has two or more, such as {}",
                name, "shop.example.com");
  }
  if (is_same_or_below(host, base_domain)) {
    return fail(errors::below_base,
                "{} is not free: Temps gives out {} and the names below it itself, one to each "
                "project; choose a name elsewhere",
                name, base_domain);
  }
  return name;
}

Result<> refuse_console(std::string_view name, std::string_view console) {
  if (name != console) return {};
  return fail(errors::below_base,
              "{} is not free: it is the address of the console; choose another", name);
}

Result<std::string> usable_target(std::string_view given, std::string_view name) {
  while (given.ends_with('/')) given.remove_suffix(1);
  auto target = parse_target(given);
  if (!target) return fail(target.error());
  if (target->host == name) {
    return fail(errors::bad_redirect,
                "{} would lead to itself; http goes to https without a redirect of yours", name);
  }
  return target->scheme + "://" + target->host + target->rest;
}

Result<> check_status(int status) {
  if (status == 301 || status == 302 || status == 307 || status == 308) return {};
  return fail(errors::bad_redirect,
              "a redirect has the status 301 or 308 (for good) or 302 or 307 (for now), not {}",
              status);
}

}  // namespace temps::domains
