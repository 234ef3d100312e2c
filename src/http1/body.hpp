// Bodies: where one ends and what in it is data (RFC 9112 §6 and §7.1).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http1/http1.hpp"

namespace temps::http1 {

struct ChunkLimits {
  std::size_t extension_bytes = 256;     // of one chunk
  std::size_t trailer_bytes = 8 * 1024;  // all trailer fields, which are checked
};

// Takes one body out of the bytes of a connection, without copying:
//
//   BodyDecoder body(head);
//   for (;;) {
//     auto step = body.next(input);
//     input.remove_prefix(step.consumed);
//     use(step.data);                       // may be empty
//     if (step.state != BodyState::more) break;
//   }
//
// `need_more`: the input is used up, call again with what comes next. `done`: what is left of the
// input belongs to the next message. A body until_close is never `done`: the end of the connection
// ends it.
enum class BodyState : std::uint8_t { more, need_more, done, failed };

struct BodyStep {
  BodyState state;
  std::size_t consumed = 0;  // bytes of the input that are dealt with
  std::string_view data{};   // inside the consumed bytes
  // Inside the consumed bytes, too: lines of trailer fields, or a part of them, and at the end the
  // empty line. Whole and good only when the body is `done`.
  std::string_view trailers{};
};

class BodyDecoder {
 public:
  BodyDecoder() = default;  // no body
  explicit BodyDecoder(const Derived& head, ChunkLimits limits = {});
  BodyDecoder(Framing framing, std::uint64_t content_length, ChunkLimits limits = {});

  BodyStep next(std::string_view input);
  [[nodiscard]] bool is_done() const { return state_ == State::done; }
  // The connection ended here. Was the body whole? (Never for chunked ones that are not done.)
  [[nodiscard]] bool may_end_here() const {
    return state_ == State::done || state_ == State::until_close;
  }
  [[nodiscard]] const Failure& failure() const { return failure_; }
  [[nodiscard]] Framing framing() const { return framing_; }
  // Bytes of data that the content length or the present chunk still announces.
  [[nodiscard]] std::uint64_t announced() const { return left_; }
  // Bytes were taken off the connection by other means (splice). At most announced().
  void skip(std::uint64_t bytes);

 private:
  enum class State : std::uint8_t {
    done,
    length,
    until_close,
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    failed,
  };
  BodyStep chunked(std::string_view input);
  BodyStep trailer_section(std::string_view input, std::size_t position);
  [[nodiscard]] bool is_in_trailers() const {
    return state_ >= State::trailer_start && state_ <= State::last_lf;
  }
  // One byte outside of chunk data.
  void framing_byte(unsigned char c);
  void size_byte(unsigned char c);
  void trailer_byte(unsigned char c);
  void expect(unsigned char c, unsigned char wanted, State next);
  void fail(std::string_view reason);

  State state_ = State::done;
  Framing framing_ = Framing::none;
  std::uint8_t digits_ = 0;
  std::uint64_t left_ = 0;
  std::size_t extension_ = 0;
  std::size_t trailer_ = 0;
  ChunkLimits limits_;
  Failure failure_;
};

// "1a2b\r\n", to be followed by that many bytes and "\r\n".
class ChunkHeader {
 public:
  explicit ChunkHeader(std::uint64_t size);
  [[nodiscard]] std::string_view text() const [[clang::lifetimebound]] {
    return {text_.data(), length_};
  }

 private:
  std::array<char, 18> text_;
  std::size_t length_;
};
inline constexpr std::string_view chunk_end = "\r\n";
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace temps::http1
