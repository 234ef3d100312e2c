#include "proxy/proxy_protocol.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/text.hpp"

namespace temps::proxy {
namespace {

using State = ProxyHeader::State;
using namespace std::string_view_literals;

constexpr ProxyHeader failed{State::failed};
constexpr ProxyHeader need_more{State::need_more};

constexpr std::string_view signature_1 = "PROXY ";
constexpr std::string_view signature_2 = "\r\n\r\n\0\r\nQUIT\n"sv;

bool may_begin_with(std::string_view bytes, std::string_view signature) {
  const auto count = std::min(bytes.size(), signature.size());
  return bytes.substr(0, count) == signature.substr(0, count);
}

bool is_port(std::string_view text) {
  const auto port = parse_number<std::uint16_t>(text);
  return port && text.front() != '-' && (text.size() == 1 || text.front() != '0');
}

std::optional<IpAddress> address_of(std::string_view text, std::string_view family) {
  const bool is_six = text.find(':') != std::string_view::npos;
  return is_six == (family == "TCP6") ? IpAddress::parse(text) : std::nullopt;
}

// "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", the line ends with it.
ProxyHeader read_version_1(std::string_view bytes) {
  constexpr std::size_t line_bytes_max = 107;
  const auto window = bytes.substr(0, line_bytes_max);
  const auto end = window.find_first_of("\r\n");
  if (end == std::string_view::npos) return window.size() < line_bytes_max ? need_more : failed;
  if (window[end] != '\r') return failed;
  if (end + 1 == window.size()) return window.size() < line_bytes_max ? need_more : failed;
  if (window[end + 1] != '\n') return failed;
  ProxyHeader header{State::complete, end + 2};
  const auto words = split(window.substr(signature_1.size(), end - signature_1.size()), ' ');
  if (words[0] == "UNKNOWN") return header;
  constexpr std::size_t count = 5;  // family, two addresses, two ports
  const bool is_family = words[0] == "TCP4" || words[0] == "TCP6";
  if (!is_family || words.size() != count || !is_port(words[3]) || !is_port(words[4]))
    return failed;
  header.client = address_of(words[1], words[0]);
  if (!header.client || !address_of(words[2], words[0])) return failed;
  return header;
}

// Of what follows the addresses, each with its type and length: does PP2_TYPE_SSL say that the
// client has connected by TLS? What is cut short says nothing.
bool says_tls(std::string_view additions) {
  constexpr std::size_t fixed = 3;
  constexpr unsigned type_ssl = 0x20;
  constexpr std::size_t ssl_bytes_min = 5;  // what the client did, and how its certificate was
  constexpr unsigned client_ssl = 0x01;
  while (additions.size() >= fixed) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(additions[i]); };
    const std::size_t length = at(1) * 256U + at(2);
    if (additions.size() - fixed < length) return false;
    if (at(0) == type_ssl && length >= ssl_bytes_min) return (at(fixed) & client_ssl) != 0;
    additions.remove_prefix(fixed + length);
  }
  return false;
}

// Signature, version and command, family and protocol, length; then the addresses and additions.
ProxyHeader read_version_2(std::string_view bytes) {
  constexpr std::size_t fixed = 16;
  constexpr unsigned local = 0x20;
  constexpr unsigned proxied = 0x21;
  constexpr unsigned tcp_4 = 0x11;
  constexpr unsigned tcp_6 = 0x21;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() > 12 && at(12) != local && at(12) != proxied) return failed;
  if (bytes.size() < fixed) return need_more;
  const std::size_t length = at(14) * 256U + at(15);
  const auto whole = fixed + length;
  if (whole > proxy_header_bytes_max) return failed;
  const unsigned kind = at(13);
  // Families up to UNIX and protocols up to datagrams have a meaning; all but TCP is unknown to us.
  const bool is_known = (kind >> 4U) <= 3 && (kind & 0xfU) <= 2;
  if (at(12) == proxied && !is_known) return failed;
  const std::size_t size = kind == tcp_4 ? 4 : 16;
  const bool is_named = at(12) == proxied && (kind == tcp_4 || kind == tcp_6);
  if (is_named && length < 2 * size + 4) return failed;
  if (bytes.size() < whole) return need_more;
  ProxyHeader header{State::complete, whole};
  if (is_named) {
    header.client =
        IpAddress::of({reinterpret_cast<const unsigned char*>(bytes.data()) + fixed, size});
    const auto addresses = fixed + 2 * size + 4;
    header.by_tls = says_tls(bytes.substr(addresses, whole - addresses));
  }
  return header;
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) {
  if (bytes.empty()) return need_more;
  if (may_begin_with(bytes, signature_1))
    return bytes.size() < signature_1.size() ? need_more : read_version_1(bytes);
  if (may_begin_with(bytes, signature_2))
    return bytes.size() < signature_2.size() ? need_more : read_version_2(bytes);
  return failed;
}

}  // namespace temps::proxy
