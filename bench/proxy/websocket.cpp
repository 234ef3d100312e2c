#include "proxy/websocket.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace temps::bench {
namespace {

constexpr unsigned char final_text = 0x81;
constexpr unsigned char opcode_bits = 0x0f;
constexpr unsigned char opcode_close = 0x8;
constexpr unsigned char masked = 0x80;
constexpr std::size_t long_length = 126;
constexpr std::array<char, 4> mask{'\x5a', '\x13', '\x77', '\x2e'};

std::string head(std::size_t size, unsigned char mask_bit) {
  std::string text(1, static_cast<char>(final_text));
  if (size < long_length) return text + static_cast<char>(mask_bit | size);
  text += static_cast<char>(mask_bit | long_length);
  text += static_cast<char>(size >> 8U);
  text += static_cast<char>(size & 0xffU);
  return text;
}

}  // namespace

std::string websocket_accept(std::string_view key) {
  const auto text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded{};
  const int size = ::EVP_EncodeBlock(encoded.data(), digest.data(), digest.size());
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

std::string client_frame(std::string_view payload) {
  auto text = head(payload.size(), masked);
  text.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i)
    text += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  return text;
}

std::string server_frame(std::string_view payload) {
  return head(payload.size(), 0).append(payload);
}

std::optional<Frame> read_client_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto byte = [bytes](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  std::size_t length = byte(1) & ~std::size_t{masked};
  std::size_t at = 2;
  if (length == long_length) {
    if (bytes.size() < 4) return std::nullopt;
    length = (static_cast<std::size_t>(byte(2)) << 8U) | byte(3);
    at = 4;
  }
  const auto begin = at + mask.size();
  if (bytes.size() < begin + length) return std::nullopt;
  Frame frame{.payload = std::string(bytes.substr(begin, length)),
              .size_bytes = begin + length,
              .is_close = (byte(0) & opcode_bits) == opcode_close};
  for (std::size_t i = 0; i < length; ++i)
    frame.payload[i] = static_cast<char>(frame.payload[i] ^ bytes[at + i % mask.size()]);
  return frame;
}

}  // namespace temps::bench
