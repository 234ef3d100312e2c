#include "compress/decoder.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "compress/compress.hpp"
#include "core/check.hpp"

namespace temps::compress {

namespace {

constexpr std::size_t chunk_bytes = 64UL * 1024;
// zlib: 15 bits of window, plus 16 for the gzip header.
constexpr int gzip_window_bits = 15 + 16;

std::unexpected<Error> damaged(std::string_view why) {
  return fail(Error(errors::bad_data, "this is not a gzip file, or it is damaged or cut off", {},
                    std::string(why)));
}

}  // namespace

struct Gunzip::State {
  z_stream stream{};
  std::array<char, chunk_bytes> chunk{};
  std::string_view given{};
  std::uint64_t left = 0;
  bool at_end = false;  // of a member
};

Gunzip::Gunzip(std::uint64_t bytes_max) : state_(std::make_unique<State>()) {
  state_->left = bytes_max;
  ensure(inflateInit2(&state_->stream, gzip_window_bits) == Z_OK, "zlib has memory");
}

Gunzip::~Gunzip() { inflateEnd(&state_->stream); }

void Gunzip::give(std::string_view bytes) { state_->given = bytes; }

Result<std::string_view> Gunzip::next() {
  auto& stream = state_->stream;
  auto& given = state_->given;
  for (;;) {
    if (state_->at_end && given.empty()) return std::string_view{};
    if (std::exchange(state_->at_end, false)) inflateReset(&stream);  // another member follows
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(given.data()));
    stream.avail_in =
        static_cast<uInt>(std::min<std::size_t>(given.size(), std::numeric_limits<uInt>::max()));
    stream.next_out = reinterpret_cast<Bytef*>(state_->chunk.data());
    stream.avail_out = static_cast<uInt>(state_->chunk.size());
    const auto offered = stream.avail_in;
    const int code = inflate(&stream, Z_NO_FLUSH);
    given.remove_prefix(offered - stream.avail_in);
    if (code == Z_BUF_ERROR) return std::string_view{};  // wants more
    if (code != Z_OK && code != Z_STREAM_END) {
      return damaged(stream.msg != nullptr ? stream.msg : "zlib says no");
    }
    state_->at_end = code == Z_STREAM_END;
    const std::size_t made = state_->chunk.size() - stream.avail_out;
    if (made > state_->left) {
      return fail(errors::too_large, "the archive unpacks to more than its limit");
    }
    state_->left -= made;
    if (made > 0) return std::string_view(state_->chunk.data(), made);
  }
}

Result<> Gunzip::finish() const {
  if (!state_->at_end || !state_->given.empty()) return damaged("the data ends too early");
  return {};
}

}  // namespace temps::compress
