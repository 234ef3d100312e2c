#include "http1/body.hpp"

#include <algorithm>
#include <charconv>

#include "core/check.hpp"

namespace temps::http1 {
namespace {

// 15 hex digits stay below 2^60: no overflow when sizes are added up.
constexpr int size_digits_max = 15;

int hex_value(unsigned char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; }

}  // namespace

BodyDecoder::BodyDecoder(const Derived& head, ChunkLimits limits)
    : BodyDecoder(head.framing, head.content_length, limits) {}

BodyDecoder::BodyDecoder(Framing framing, std::uint64_t content_length, ChunkLimits limits)
    : framing_(framing), limits_(limits) {
  switch (framing) {
    case Framing::none:
      break;
    case Framing::content_length:
      left_ = content_length;
      state_ = content_length == 0 ? State::done : State::length;
      break;
    case Framing::chunked:
      state_ = State::size;
      break;
    case Framing::until_close:
      state_ = State::until_close;
      break;
  }
}

void BodyDecoder::fail(std::string_view reason) {
  failure_ = {400, reason};
  state_ = State::failed;
}

void BodyDecoder::skip(std::uint64_t bytes) {
  ensure(bytes <= left_ && (state_ == State::length || state_ == State::data),
         "only announced data can be skipped");
  left_ -= bytes;
  if (left_ == 0) state_ = state_ == State::length ? State::done : State::data_cr;
}

BodyStep BodyDecoder::next(std::string_view input) {
  switch (state_) {
    case State::done:
      return {BodyState::done};
    case State::failed:
      return {BodyState::failed};
    case State::until_close:
      return {BodyState::need_more, input.size(), input};
    case State::length: {
      const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      left_ -= take;
      if (left_ == 0) state_ = State::done;
      return {left_ == 0 ? BodyState::done : BodyState::need_more, take, input.substr(0, take)};
    }
    default:
      return chunked(input);
  }
}

BodyStep BodyDecoder::chunked(std::string_view input) {
  std::size_t position = 0;
  while (position < input.size()) {
    if (state_ == State::data) {
      const auto take =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - position));
      left_ -= take;
      if (left_ == 0) state_ = State::data_cr;
      const auto data = input.substr(position, take);
      position += take;
      return {position == input.size() ? BodyState::need_more : BodyState::more, position, data};
    }
    if (is_in_trailers()) return trailer_section(input, position);
    framing_byte(static_cast<unsigned char>(input[position++]));
    if (state_ == State::failed) return {BodyState::failed, position};
  }
  return {BodyState::need_more, position};
}

BodyStep BodyDecoder::trailer_section(std::string_view input, std::size_t position) {
  const auto from = position;
  while (position < input.size() && is_in_trailers())
    framing_byte(static_cast<unsigned char>(input[position++]));
  const auto section = input.substr(from, position - from);
  if (state_ == State::done) return {BodyState::done, position, {}, section};
  if (state_ == State::failed) return {BodyState::failed, position};
  return {BodyState::need_more, position, {}, section};
}

void BodyDecoder::expect(unsigned char c, unsigned char wanted, State next) {
  if (c == wanted) {
    state_ = next;
  } else {
    fail("A chunk does not end where its size says");
  }
}

void BodyDecoder::framing_byte(unsigned char c) {
  switch (state_) {
    case State::size:
      size_byte(c);
      break;
    case State::extension:
      if (c == '\r') {
        state_ = State::size_lf;
      } else if (!is_text(c)) {
        fail("A chunk extension has a control character");
      } else if (++extension_ > limits_.extension_bytes) {
        fail("A chunk extension is too long");
      }
      break;
    case State::size_lf:
      expect(c, '\n', left_ == 0 ? State::trailer_start : State::data);
      digits_ = 0;
      break;
    case State::data_cr:
      expect(c, '\r', State::data_lf);
      break;
    case State::data_lf:
      expect(c, '\n', State::size);
      break;
    default:
      trailer_byte(c);
      break;
  }
}

void BodyDecoder::size_byte(unsigned char c) {
  if (const int value = hex_value(c); value >= 0) {
    if (digits_ == size_digits_max) return fail("A chunk size is too large");
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    ++digits_;
  } else if (digits_ == 0) {
    fail("A chunk has no size");
  } else if (c == '\r') {
    state_ = State::size_lf;
  } else if (c == ';') {
    extension_ = 0;
    state_ = State::extension;
  } else {
    fail("A chunk size is not a hexadecimal number");
  }
}

void BodyDecoder::trailer_byte(unsigned char c) {
  if (++trailer_ > limits_.trailer_bytes) return fail("The trailer fields are too long");
  switch (state_) {
    case State::trailer_start:
      if (c == '\r') {
        state_ = State::last_lf;
      } else if (is_token_character(static_cast<char>(c))) {
        state_ = State::trailer_name;
      } else {
        fail("A trailer field is not understood");
      }
      break;
    case State::trailer_name:
      if (c == ':') {
        state_ = State::trailer_value;
      } else if (!is_token_character(static_cast<char>(c))) {
        fail("A trailer field is not understood");
      }
      break;
    case State::trailer_value:
      if (c == '\r') {
        state_ = State::trailer_lf;
      } else if (!is_text(c)) {
        fail("A trailer field has a control character");
      }
      break;
    case State::trailer_lf:
      expect(c, '\n', State::trailer_start);
      break;
    case State::last_lf:
      expect(c, '\n', State::done);
      break;
    default:
      fail("The chunked body is not understood");
      break;
  }
}

ChunkHeader::ChunkHeader(std::uint64_t size) {
  char* end = std::to_chars(text_.data(), text_.data() + 16, size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  length_ = static_cast<std::size_t>(end - text_.data());
}

}  // namespace temps::http1
