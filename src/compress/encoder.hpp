// Compression of a stream as it comes, for answers to browsers.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace temps::compress {

// Content codings: RFC 1952, RFC 7932, RFC 8878.
enum class Coding : std::uint8_t { gzip, brotli, zstd };

// `now`: tens of megabytes a second, and some 300 KB of memory. `once`: for what is kept, some
// megabytes a second.
enum class Effort : std::uint8_t { now, once };

// One stream. What it yields is appended to `out`; add() may keep bytes back until flush() or
// finish().
class Encoder {
 public:
  static std::unique_ptr<Encoder> make(Coding coding, Effort effort);
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  virtual void add(std::string_view bytes, std::string& out) = 0;
  // The receiver can read all that was added.
  virtual void flush(std::string& out) = 0;
  // The last call.
  virtual void finish(std::string& out) = 0;
};

std::string encode(Coding coding, std::string_view text, Effort effort);

}  // namespace temps::compress
