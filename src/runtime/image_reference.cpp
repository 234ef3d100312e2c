#include "runtime/image_reference.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {
namespace {

constexpr std::size_t reference_bytes_max = 512;
constexpr std::size_t tag_bytes_max = 128;

bool is_small(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter(char c) { return is_small(c) || (c >= 'A' && c <= 'Z'); }

// Letters and digits, with single ones of `between` among them.
bool is_word(std::string_view text, std::string_view between, bool (*is_part)(char)) {
  if (text.empty() || !is_part(text.front()) || !is_part(text.back())) return false;
  return std::ranges::all_of(
      text, [&](char c) { return is_part(c) || between.find(c) != std::string_view::npos; });
}

bool is_host(std::string_view text) {
  const auto [name, port] = cut(text, ":");
  const bool has_port = text.contains(':');
  if (has_port && !parse_number<std::uint16_t>(port)) return false;
  return is_word(name, ".-", is_letter);
}

// What the engine itself decides by: "ann/shop" is a path, "ann.example/shop" begins with a host.
bool looks_like_host(std::string_view text) {
  return text.contains('.') || text.contains(':') || text == "localhost";
}

bool is_path(std::string_view text) {
  return std::ranges::all_of(split(text, '/'),
                             [](std::string_view part) { return is_word(part, "._-", is_small); });
}

bool is_tag(std::string_view text) {
  return text.size() <= tag_bytes_max && !text.empty() && (is_letter(text[0]) || text[0] == '_') &&
         std::ranges::all_of(
             text, [](char c) { return is_letter(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_digest(std::string_view text) {
  constexpr std::string_view prefix = "sha256:";
  constexpr std::size_t digits = 64;
  return text.starts_with(prefix) && text.size() == prefix.size() + digits &&
         text.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

std::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  const auto shown = to_utf8(text.substr(0, 100));
  return std::unexpected(
      Error(errors::bad_image,
            fmt::format("\"{}\" names no image: {}; write it as in nginx:1.25, ghcr.io/ann/shop:2 "
                        "or ghcr.io/ann/shop@sha256:…",
                        shown, why),
            {FieldError{"/image", std::string(why)}}));
}

}  // namespace

Result<ImageReference> ImageReference::parse(std::string_view text) {
  if (text.empty()) return wrong(text, "it is empty");
  if (text.size() > reference_bytes_max) return wrong(text, "it is too long");
  if (text.contains("://")) return wrong(text, "it has no scheme in front");
  ImageReference found;
  auto rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    found.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!is_digest(found.digest)) return wrong(text, "behind @ stands sha256: and 64 digits");
  }
  const auto slash = rest.find('/');
  if (slash != std::string_view::npos && looks_like_host(rest.substr(0, slash))) {
    found.host = rest.substr(0, slash);
    rest = rest.substr(slash + 1);
    if (!is_host(found.host)) return wrong(text, "its registry is no host");
  }
  if (const auto colon = rest.rfind(':'); colon != std::string_view::npos) {
    found.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!is_tag(found.tag)) return wrong(text, "its tag has letters, digits, . _ and - only");
  }
  found.path = rest;
  if (!is_path(found.path)) return wrong(text, "its name has small letters, digits, . _ - and /");
  // A digest says all, and an engine takes one of both.
  if (!found.digest.empty()) found.tag.clear();
  if (found.digest.empty() && found.tag.empty()) found.tag = "latest";
  if (found.host == "docker.io" || found.host == "index.docker.io") found.host.clear();
  return found;
}

std::string ImageReference::text() const {
  return digest.empty() ? fmt::format("{}:{}", name(), tag) : fmt::format("{}@{}", name(), digest);
}

}  // namespace temps::runtime
