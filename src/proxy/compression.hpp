// Compression of answers on their way, for apps that do not compress by themselves.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "compress/encoder.hpp"
#include "http1/http1.hpp"
#include "proxy/transport.hpp"

namespace temps::proxy {

// The body of one answer.
class Compression {
 public:
  // Nothing where the answer is better sent as it is: pictures, short ones, event streams, parts,
  // what is coded already, and where no transformation is wanted (RFC 9111 §5.2.2.6).
  // `body_bytes` is known where the whole body is there.
  static std::unique_ptr<Compression> choose(compress::Coding coding,
                                             const http1::ResponseHead& head,
                                             std::optional<std::uint64_t> body_bytes);

  // What `body` becomes, in `room`. Of a body whose length is not announced, all that has come can
  // be read at once by the client.
  enum class End : std::uint8_t { no, yes };
  void add(const Gather& body, End end, std::string& room);
  [[nodiscard]] compress::Coding coding() const { return coding_; }
  // Shorter bodies fit into a packet as they are.
  static constexpr std::uint64_t bytes_min = 1024;

 private:
  Compression(compress::Coding coding, bool streams);
  compress::Coding coding_;
  bool streams_;
  std::unique_ptr<compress::Encoder> encoder_;
};

// The head of an answer as it is once the body is compressed: of unknown length, its validator weak
// instead of strong (RFC 9110 §8.8.1), dependent on the request. Views into `head` stay in use.
class CompressedHead {
 public:
  CompressedHead(const http1::ResponseHead& head, compress::Coding coding);
  [[nodiscard]] const http1::ResponseHead& head() const { return head_; }

 private:
  std::string etag_;
  std::string vary_ = "Accept-Encoding";
  http1::ResponseHead head_;
};

}  // namespace temps::proxy
