#include "http/websocket_frames.hpp"

#include "http/websocket_errors.hpp"

namespace temps::http {
namespace {

constexpr std::size_t control_bytes_max = 125;
constexpr std::size_t mask_bytes = 4;
constexpr int no_status = 1005;

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = (number << 8U) | static_cast<unsigned char>(c);
  return number;
}

std::string bytes_of(std::uint64_t number, std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t i = count; i > 0; --i, number >>= 8U) {
    bytes[i - 1] = static_cast<char>(number & 0xffU);
  }
  return bytes;
}

bool is_control(Opcode opcode) { return opcode >= Opcode::close; }

bool is_known(unsigned opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

void mask(std::string& payload, std::string_view key) {
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>(payload[i] ^ key[i % mask_bytes]);
  }
}

// The first two bytes, in which all the rules are.
struct Head {
  Opcode opcode;
  bool is_last;
  bool is_masked;
  std::size_t short_length;
  [[nodiscard]] std::size_t length_bytes() const {
    if (short_length < 126) return 0;
    return short_length == 126 ? 2 : 8;
  }
};

Result<Head> head_of(std::string_view bytes, Masking expected) {
  const unsigned first = static_cast<unsigned char>(bytes[0]);
  const unsigned second = static_cast<unsigned char>(bytes[1]);
  const auto refuse = [](std::string_view why) { return fail(errors::bad_frame, "{}", why); };
  if ((first & 0x70U) != 0) return refuse("a frame has bits that nobody has agreed on");
  if (!is_known(first & 0x0fU)) return refuse("a frame is of an unknown kind");
  const Head head{.opcode = static_cast<Opcode>(first & 0x0fU),
                  .is_last = (first & 0x80U) != 0,
                  .is_masked = (second & 0x80U) != 0,
                  .short_length = second & 0x7fU};
  if (head.is_masked != (expected == Masking::masked)) {
    return refuse(head.is_masked ? "a server's frame is masked" : "a client's frame is not masked");
  }
  if (is_control(head.opcode) && (!head.is_last || head.short_length > control_bytes_max)) {
    return refuse("a control frame is too large or in pieces");
  }
  return head;
}

}  // namespace

Result<std::optional<Frame>> take_frame(std::string_view& bytes, Masking expected) {
  constexpr std::size_t fixed_bytes = 2;
  if (bytes.size() < fixed_bytes) return std::nullopt;
  const auto head = head_of(bytes, expected);
  if (!head) return fail(head.error());
  const auto length_bytes = head->length_bytes();
  if (bytes.size() < fixed_bytes + length_bytes) return std::nullopt;
  const auto length =
      length_bytes == 0 ? head->short_length : number_of(bytes.substr(fixed_bytes, length_bytes));
  if (length > frame_bytes_max) {
    return fail(errors::frame_too_large, "a frame has {} bytes, and at most {} are taken", length,
                frame_bytes_max);
  }
  const auto payload_at = fixed_bytes + length_bytes + (head->is_masked ? mask_bytes : 0);
  const auto size = static_cast<std::size_t>(length);
  if (bytes.size() < payload_at + size) return std::nullopt;
  Frame frame{.opcode = head->opcode,
              .is_last = head->is_last,
              .payload = std::string(bytes.substr(payload_at, size))};
  if (head->is_masked) mask(frame.payload, bytes.substr(payload_at - mask_bytes, mask_bytes));
  bytes.remove_prefix(payload_at + size);
  return frame;
}

std::string frame_bytes(const Frame& frame, std::string_view key) {
  const auto size = frame.payload.size();
  const unsigned masked = key.empty() ? 0 : 0x80U;
  std::string bytes;
  bytes.reserve(size + 14);
  bytes += static_cast<char>((frame.is_last ? 0x80U : 0U) | static_cast<unsigned>(frame.opcode));
  if (size < 126) {
    bytes += static_cast<char>(masked | size);
  } else if (size <= 0xffff) {
    bytes += static_cast<char>(masked | 126U);
    bytes += bytes_of(size, 2);
  } else {
    bytes += static_cast<char>(masked | 127U);
    bytes += bytes_of(size, 8);
  }
  if (key.empty()) return bytes += frame.payload;
  auto payload = frame.payload;
  mask(payload, key);
  return bytes.append(key).append(payload);
}

int close_status(std::string_view payload) {
  return payload.size() < 2 ? no_status : static_cast<int>(number_of(payload.substr(0, 2)));
}

}  // namespace temps::http
