// What a proxy and the process that takes its place tell each other over the control socket, one
// JSON object per line:
//
//   successor     {"handover":1}        a ControlRequest (routing/table.hpp)
//   predecessor   an Offer              the listening sockets travel with it (SCM_RIGHTS)
//   successor     {"step":"ready"}      its table is loaded; nothing was accepted yet
//   predecessor   {"step":"yours"}      it accepts no more; what comes waits in the kernel
//   successor     {"step":"serving"}    it accepts; the predecessor drains
//
// Then the successor asks over the same connection what any client of the control socket may ask.
// Either side may say {"step":"failed"} with the reason before that; the predecessor goes on then.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "proxy/tls_context.hpp"

namespace temps::proxy {

inline constexpr std::int64_t handover_version = 1;
inline constexpr std::size_t handover_line_bytes_max = 256UL * 1024;
// 256 loops at 16 addresses, and the control socket.
inline constexpr std::size_t handover_sockets_max = 4097;

struct OfferedListener {
  std::string asked;    // as it was configured: ":80"
  std::string address;  // what it is: "[::]:80"
  bool tls = false;
  std::uint32_t count = 0;  // sockets: as many as there ever were loops
};

struct Offer {
  std::int64_t handover = 0;  // the version; 0 with an error
  std::string error{};        // why nothing is handed over
  std::int64_t table = 0;     // the version in force; 0: none
  std::vector<OfferedListener> listeners{};
  std::vector<TicketKeys::Key> tickets{};

  // With the control socket, which comes last.
  [[nodiscard]] std::size_t sockets() const;
};

struct HandoverStep {
  enum class Kind : std::uint8_t { ready, yours, serving, failed };
  Kind step = Kind::failed;
  std::string error{};
};

// Both decoders fail with `proxy.bad_handover`.
std::string encode(const Offer& offer);  // with the newline, as the other
std::string encode(const HandoverStep& step);
Result<Offer> decode_offer(std::string_view line);
Result<HandoverStep> decode_step(std::string_view line);

}  // namespace temps::proxy
