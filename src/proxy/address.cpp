#include "proxy/address.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/text.hpp"
#include "proxy/errors.hpp"

namespace temps::proxy {
namespace {

template <class T>
T& as(Address& address) {
  static_assert(sizeof(T) <= sizeof(sockaddr_storage));
  return reinterpret_cast<T&>(address.storage);
}

Result<Address> unix_address(std::string_view path) {
  Address address;
  auto& local = as<sockaddr_un>(address);
  if (path.empty() || path.size() >= sizeof local.sun_path)
    return fail(errors::bad_address, "the socket path \"{}\" is empty or longer than {} bytes",
                path, sizeof local.sun_path - 1);
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, path.data(), path.size());
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

bool parse_ip(std::string_view host, std::uint16_t port, Address& address) {
  const std::string text(host);
  if (host.starts_with('[') && host.ends_with(']')) {
    auto& six = as<sockaddr_in6>(address);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    address.length = sizeof six;
    return ::inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), &six.sin6_addr) == 1;
  }
  auto& four = as<sockaddr_in>(address);
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  address.length = sizeof four;
  return ::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  if (text.starts_with("unix:")) return unix_address(text.substr(5));
  const auto colon = text.rfind(':');
  const auto port = colon == std::string_view::npos
                        ? std::nullopt
                        : parse_number<std::uint16_t>(text.substr(colon + 1));
  Address address;
  auto host = text.substr(0, colon);
  if (host.empty() || host == "*") host = "[::]";
  if (host == "localhost") host = "127.0.0.1";
  if (!port || !parse_ip(host, *port, address))
    return fail(errors::bad_address,
                "\"{}\" is not an address: write 127.0.0.1:8080, [::1]:8080, :8080 for every "
                "address, or unix:/path",
                text);
  return address;
}

std::string host_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
    if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
      ::inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12], text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
    }
  } else {
    return "unix";
  }
  return text.data();
}

std::uint16_t port_of(const Address& address) {
  if (address.family() == AF_UNIX) return 0;
  // Port and family stand at the same place in sockaddr_in and sockaddr_in6.
  return ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port);
}

std::string to_text(const Address& address) {
  if (address.family() == AF_UNIX)
    return fmt::format("unix:{}", reinterpret_cast<const sockaddr_un&>(address.storage).sun_path);
  const auto port = port_of(address);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.family() == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address.storage);
    ::inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
    return fmt::format("[{}]:{}", text.data(), port);
  }
  return fmt::format("{}:{}", host_text(address.storage), port);
}

bool is_ip_literal(std::string_view host) {
  Address address;
  return parse_ip(host, 0, address);
}

}  // namespace temps::proxy
