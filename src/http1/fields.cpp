#include "http1/fields.hpp"

#include <array>
#include <cstddef>

#include "core/text.hpp"

namespace temps::http1 {
namespace {

struct Named {
  FieldId id;
  std::string_view name;
};

constexpr std::array names{
    Named{FieldId::connection, "Connection"},
    Named{FieldId::keep_alive, "Keep-Alive"},
    Named{FieldId::proxy_connection, "Proxy-Connection"},
    Named{FieldId::proxy_authenticate, "Proxy-Authenticate"},
    Named{FieldId::proxy_authorization, "Proxy-Authorization"},
    Named{FieldId::te, "TE"},
    Named{FieldId::trailer, "Trailer"},
    Named{FieldId::transfer_encoding, "Transfer-Encoding"},
    Named{FieldId::upgrade, "Upgrade"},
    Named{FieldId::http2_settings, "HTTP2-Settings"},
    Named{FieldId::host, "Host"},
    Named{FieldId::content_length, "Content-Length"},
    Named{FieldId::content_type, "Content-Type"},
    Named{FieldId::content_encoding, "Content-Encoding"},
    Named{FieldId::content_range, "Content-Range"},
    Named{FieldId::expect, "Expect"},
    Named{FieldId::date, "Date"},
    Named{FieldId::server, "Server"},
    Named{FieldId::accept, "Accept"},
    Named{FieldId::accept_encoding, "Accept-Encoding"},
    Named{FieldId::accept_ranges, "Accept-Ranges"},
    Named{FieldId::cache_control, "Cache-Control"},
    Named{FieldId::etag, "ETag"},
    Named{FieldId::if_match, "If-Match"},
    Named{FieldId::if_modified_since, "If-Modified-Since"},
    Named{FieldId::if_none_match, "If-None-Match"},
    Named{FieldId::if_range, "If-Range"},
    Named{FieldId::if_unmodified_since, "If-Unmodified-Since"},
    Named{FieldId::last_modified, "Last-Modified"},
    Named{FieldId::range, "Range"},
    Named{FieldId::vary, "Vary"},
    Named{FieldId::authorization, "Authorization"},
    Named{FieldId::cookie, "Cookie"},
    Named{FieldId::origin, "Origin"},
    Named{FieldId::referer, "Referer"},
    Named{FieldId::sec_fetch_mode, "Sec-Fetch-Mode"},
    Named{FieldId::sec_fetch_site, "Sec-Fetch-Site"},
    Named{FieldId::user_agent, "User-Agent"},
    Named{FieldId::location, "Location"},
    Named{FieldId::retry_after, "Retry-After"},
    Named{FieldId::set_cookie, "Set-Cookie"},
    Named{FieldId::www_authenticate, "WWW-Authenticate"},
    Named{FieldId::forwarded, "Forwarded"},
    Named{FieldId::x_forwarded_for, "X-Forwarded-For"},
    Named{FieldId::x_forwarded_host, "X-Forwarded-Host"},
    Named{FieldId::x_forwarded_port, "X-Forwarded-Port"},
    Named{FieldId::x_forwarded_proto, "X-Forwarded-Proto"},
    Named{FieldId::x_real_ip, "X-Real-IP"},
    Named{FieldId::x_request_id, "X-Request-ID"},
    Named{FieldId::traceparent, "traceparent"},
    Named{FieldId::tracestate, "tracestate"},
};

constexpr std::size_t slots = 512;

constexpr unsigned folded(char c) { return static_cast<unsigned char>(c) | 0x20U; }

constexpr std::size_t slot_of(std::string_view name, unsigned seed) {
  const unsigned mixed = static_cast<unsigned>(name.size()) * 0x9e37U +
                         folded(name.front()) * seed + folded(name.back()) * (seed >> 3U) +
                         folded(name[name.size() / 2]) * (seed >> 5U) +
                         folded(name[name.size() * 3 / 4]) * (seed >> 6U);
  return (mixed ^ (mixed >> 9U)) % slots;
}

// A seed with which every name has a slot of its own, so that one comparison decides.
consteval unsigned find_seed() {
  for (unsigned seed = 257; seed < 1'000; seed += 2) {
    std::array<bool, slots> taken{};
    bool clash = false;
    for (const auto& named : names) {
      auto& slot = taken[slot_of(named.name, seed)];
      clash = clash || slot;
      slot = true;
    }
    if (!clash) return seed;
  }
  return 0;
}
constexpr unsigned good_seed = find_seed();
static_assert(good_seed != 0, "no seed separates the field names: make `slots` larger");

constexpr auto table = [] {
  std::array<Named, slots> built{};
  for (const auto& named : names) built[slot_of(named.name, good_seed)] = named;
  return built;
}();

constexpr auto token_characters = [] {
  std::array<bool, 256> set{};
  for (const char c : std::string_view(
           "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    set[static_cast<unsigned char>(c)] = true;
  return set;
}();

}  // namespace

FieldId field_id(std::string_view name) {
  if (name.empty()) return FieldId::other;
  const auto& candidate = table[slot_of(name, good_seed)];
  return equal_ignoring_case(candidate.name, name) ? candidate.id : FieldId::other;
}

std::string_view field_name(FieldId id) {
  for (const auto& named : names)
    if (named.id == id) return named.name;
  return {};
}

bool is_token_character(char c) { return token_characters[static_cast<unsigned char>(c)]; }

bool is_token(std::string_view text) {
  for (const char c : text)
    if (!is_token_character(c)) return false;
  return !text.empty();
}

bool list_contains(std::string_view list, std::string_view token) {
  bool found = false;
  for_each_element(list, [&](std::string_view element) {
    found = found || equal_ignoring_case(element, token);
  });
  return found;
}

}  // namespace temps::http1
