// One finished request as the data plane tells of it, in the bytes of one spool record.
//
// A version, numbers as LEB128, texts behind their length. Fields are only ever added at the end: a
// reader leaves out what it does not know, so that the two processes may be of different versions.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace temps::routing {

// What is kept of texts that visitors choose.
inline constexpr std::size_t access_path_bytes_max = 1024;
inline constexpr std::size_t access_text_bytes_max = 256;  // user agent, referrer, host, method

struct AccessRecord {
  Instant time{};  // of the request's head
  // From there to the answer's last byte; at the least the kernel had it.
  std::chrono::microseconds duration{};
  // From sending the request to an app to the first byte of its answer, where an app answered.
  std::optional<std::chrono::microseconds> upstream{};
  std::uint32_t status = 0;      // 0: the client was gone before there was one
  std::uint64_t sent_bytes = 0;  // of bodies, without framing
  std::uint64_t received_bytes = 0;
  std::uint32_t protocol = 11;  // 10, 11, 20
  bool is_tls = false;
  std::string_view method{};
  std::string_view host{};
  std::string_view path{};    // without the query
  std::string_view client{};  // its address
  std::string_view user_agent{};
  std::string_view referrer{};  // without the query
  std::string_view request_id{};
  std::string_view release{};  // "shop/production/12"; empty: none answered
  std::string_view visitor{};  // empty: not known
};

void encode(std::string& out, const AccessRecord& record);
// With views into `bytes`; nothing when they are no record. Texts may hold any bytes.
std::optional<AccessRecord> decode_access_record(std::string_view bytes);

}  // namespace temps::routing
