#include "core/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/text.hpp"

namespace temps {
namespace {

constexpr std::size_t mapped_bytes = 12;  // before an IPv4 address (RFC 4291 §2.5.5.2)
constexpr unsigned mapped_bits = 8 * mapped_bytes;

bool is_mapped(const IpAddress::Bytes& bytes) {
  constexpr std::array<unsigned char, mapped_bytes> prefix{0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xff, 0xff};
  return std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

struct Word {
  std::string_view name;
  std::string_view network;
};
constexpr std::array words{
    Word{"loopback", "127.0.0.0/8"},   Word{"loopback", "::1"},
    Word{"private", "10.0.0.0/8"},     Word{"private", "172.16.0.0/12"},
    Word{"private", "192.168.0.0/16"}, Word{"private", "169.254.0.0/16"},
    Word{"private", "100.64.0.0/10"},  Word{"private", "fc00::/7"},
    Word{"private", "fe80::/10"},
};

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size()) return std::nullopt;
  text.copy(terminated.data(), text.size());
  IpAddress address;
  auto& bytes = address.bytes_;
  if (text.find(':') != std::string_view::npos) {
    if (::inet_pton(AF_INET6, terminated.data(), bytes.data()) != 1) return std::nullopt;
    return address;
  }
  bytes[mapped_bytes - 1] = bytes[mapped_bytes - 2] = 0xff;
  if (::inet_pton(AF_INET, terminated.data(), bytes.data() + mapped_bytes) != 1)
    return std::nullopt;
  return address;
}

IpAddress IpAddress::of(std::span<const unsigned char> bytes) {
  IpAddress address;
  auto* to = address.bytes_.data();
  if (bytes.size() == 4) {
    address.bytes_[mapped_bytes - 1] = address.bytes_[mapped_bytes - 2] = 0xff;
    to += mapped_bytes;
  }
  std::ranges::copy(bytes, to);
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_mapped(bytes_)) {
    ::inet_ntop(AF_INET, bytes_.data() + mapped_bytes, text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  }
  return text.data();
}

std::optional<Network> Network::parse(std::string_view text) {
  const auto [plain, length] = cut(text, "/");
  const auto address = IpAddress::parse(plain);
  if (!address) return std::nullopt;
  const bool is_four = plain.find(':') == std::string_view::npos;
  const unsigned bits_max = is_four ? 32 : 128;
  Network network;
  network.address_ = *address;
  network.bits_ = bits_max;
  if (text.size() > plain.size()) {
    const auto bits = parse_number<unsigned>(length);
    if (!bits || *bits > bits_max) return std::nullopt;
    network.bits_ = *bits;
  }
  if (is_four) network.bits_ += mapped_bits;
  return network;
}

bool Network::contains(const IpAddress& address) const {
  const auto& ours = address_.bytes();
  const auto& other = address.bytes();
  const auto whole = bits_ / 8;
  if (std::memcmp(other.data(), ours.data(), whole) != 0) return false;
  const auto rest = bits_ % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xffU << (8 - rest));
  return (other[whole] & mask) == (ours[whole] & mask);
}

bool Networks::add(std::string_view text) {
  bool is_word = false;
  for (const auto& word : words) {
    if (word.name != text) continue;
    is_word = true;
    all_.push_back(Network::parse(word.network).value());
  }
  if (is_word) return true;
  const auto network = Network::parse(text);
  if (network) all_.push_back(*network);
  return network.has_value();
}

bool Networks::contains(const IpAddress& address) const {
  return std::ranges::any_of(all_, [&](const Network& each) { return each.contains(address); });
}

bool Networks::contains(std::string_view address) const {
  if (all_.empty()) return false;
  const auto parsed = IpAddress::parse(address);
  return parsed && contains(*parsed);
}

}  // namespace temps
