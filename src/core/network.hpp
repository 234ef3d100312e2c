// IP addresses and networks, as settings and routes name them.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace temps {

// An IP address. IPv4 stands in IPv6's mapped form, so that there is one kind to compare.
class IpAddress {
 public:
  using Bytes = std::array<unsigned char, 16>;
  // "203.0.113.7", "2001:db8::7", without brackets or a port.
  static std::optional<IpAddress> parse(std::string_view text);
  // Of 4 or 16 bytes in network order.
  static IpAddress of(std::span<const unsigned char> bytes);
  // In its usual form; a mapped IPv4 address as IPv4.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  bool operator==(const IpAddress&) const = default;

 private:
  Bytes bytes_{};
};

// An address with the count of its bits that matter.
class Network {
 public:
  // "203.0.113.7", "203.0.113.0/24", "2001:db8::/32".
  static std::optional<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(const IpAddress& address) const;

 private:
  IpAddress address_;
  unsigned bits_ = 0;
};

// Several networks.
class Networks {
 public:
  // Each is a network, or a word for some: "loopback", "private" (RFC 1918, RFC 4193, link-local
  // and RFC 6598). False, with nothing added, where it is neither.
  bool add(std::string_view text);
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] bool contains(const IpAddress& address) const;
  // False for what is no address.
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  std::vector<Network> all_;
};

}  // namespace temps
