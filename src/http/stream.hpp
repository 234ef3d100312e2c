// Bytes in and out of one connection; private to the module.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/concurrency.hpp"
#include "http/message.hpp"
#include "http/wire.hpp"
#include "http1/body.hpp"
#include "http1/http1.hpp"
#include "net/descriptor.hpp"

namespace temps::http {

// What has arrived and was not used yet.
class Input {
 public:
  explicit Input(Wire wire) : wire_(wire) {}

  [[nodiscard]] std::string_view view() const {
    return std::string_view(buffer_).substr(begin_, end_ - begin_);
  }
  void consume(std::size_t bytes) { begin_ += bytes; }
  [[nodiscard]] bool is_full() const { return end_ - begin_ == bytes_max; }
  // Waits for more and yields how much came, 0 at the end of the stream. Moves what view() showed.
  // Not to be called when full.
  Task<std::size_t> fill();

 private:
  static constexpr std::size_t bytes_at_first = 8U << 10U;
  static constexpr std::size_t bytes_max = 64U << 10U;  // more than the largest head
  Wire wire_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

class IncomingBody final : public BodyReader {
 public:
  struct Source {
    Input& input;
    net::Descriptor& socket;
    std::chrono::nanoseconds pause_max;
  };
  IncomingBody(Source source, const http1::RequestHead& head)
      : source_(source), decoder_(head), wants_continue_(head.expect_continue) {}

  Task<std::string_view> read() override;
  [[nodiscard]] bool is_done() const { return decoder_.is_done(); }
  // Has the client been promised that its body is wanted, or did it send it unasked?
  [[nodiscard]] bool is_coming() const { return !wants_continue_; }
  // Bytes that are known to come, or at least that many.
  [[nodiscard]] std::uint64_t announced() const { return decoder_.announced(); }
  // Takes the last chunk off the input.
  void settle();
  // Reads and forgets what is left. False when it is more than `bytes_max` or does not come.
  Task<bool> drain(std::uint64_t bytes_max);

 private:
  Task<> fill();
  Source source_;
  http1::BodyDecoder decoder_;
  bool wants_continue_;
  std::size_t taken_ = 0;
};

enum class Framing : std::uint8_t { chunked, length, until_close };

class OutgoingBody final : public BodyWriter {
 public:
  struct Sink {
    net::Descriptor& socket;
    std::chrono::nanoseconds pause_max;
    std::move_only_function<Task<>()> gone;
  };
  OutgoingBody(Sink sink, Framing framing, std::uint64_t length)
      : sink_(std::move(sink)), framing_(framing), left_(length) {}

  Task<> write(std::string_view bytes) override;
  Task<> gone() override;
  // Fails with `net.broken` when the body is not whole.
  Task<> finish();

 private:
  Task<> put(std::string_view bytes);
  Task<> put_chunk(std::string_view bytes);
  Sink sink_;
  Framing framing_;
  std::uint64_t left_;  // of framing length
  bool torn_ = false;   // a write did not end, so what follows it would be misread
};

// What comes after the head of an upgraded connection, as it comes.
class UpgradedInput final : public BodyReader {
 public:
  explicit UpgradedInput(Input& input) : input_(input) {}
  Task<std::string_view> read() override;

 private:
  Input& input_;
  std::size_t taken_ = 0;
};

class UpgradedOutput final : public BodyWriter {
 public:
  struct Sink {
    net::Descriptor& socket;
    std::chrono::nanoseconds pause_max;
    std::move_only_function<Task<>()> stopped;
  };
  explicit UpgradedOutput(Sink sink) : sink_(std::move(sink)) {}
  Task<> write(std::string_view bytes) override;
  // When the server stops: who reads hears of the client's end.
  Task<> gone() override { co_await sink_.stopped(); }

 private:
  Sink sink_;
};

// In pieces, each of which has to be taken within `pause_max`. Fails with `net.broken`.
Task<> write_steadily(Wire wire, std::string_view bytes, std::chrono::nanoseconds pause_max);

}  // namespace temps::http
