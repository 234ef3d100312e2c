// Unpacking of a stream as it comes, for uploads.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::compress {

// One gzip file (RFC 1952) in pieces, several members in a row included. Memory is bounded: a small
// piece may unpack to a thousand times its size, so that what comes out leaves in pieces, too.
class Gunzip {
 public:
  // Never yields more than `bytes_max` in all.
  explicit Gunzip(std::uint64_t bytes_max);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  // The next bytes of the file; to be taken wholly by next() before more is given.
  void give(std::string_view bytes);
  // Some of what they unpack to, good until the next call; empty when more must be given. Fails
  // with `bad_data` and with `too_large`.
  Result<std::string_view> next();
  // Fails with `bad_data` where the file is not at its end.
  [[nodiscard]] Result<> finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace temps::compress
