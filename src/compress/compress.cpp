#include "compress/compress.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::compress {

namespace {

constexpr int zstd_level = 3;
// What a stream may make us keep while reading: Zstandard's own default for level 19 and below.
constexpr int zstd_window_log_max = 23;
constexpr std::size_t chunk_bytes = 64UL * 1024;
// zlib: 15 bits of window, plus 16 for the gzip header.
constexpr int gzip_window_bits = 15 + 16;

std::unexpected<Error> damaged(std::string_view why) {
  return fail(Error(errors::bad_data, "the compressed data is damaged", {}, std::string(why)));
}
std::unexpected<Error> beyond(std::size_t limit) {
  return fail(errors::too_large, "the data unpacks to more than {}", human_bytes(limit));
}

// zlib counts in unsigned int.
uInt narrow(std::size_t size) {
  ensure(size <= std::numeric_limits<uInt>::max(), "too long for one call of zlib");
  return static_cast<uInt>(size);
}
Bytef* bytes(const char* text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text)); }

}  // namespace

std::string zstd(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  ensure(context != nullptr, "Zstandard has memory");
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, zstd_level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const auto size = ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size());
  ensure(ZSTD_isError(size) == 0, "Zstandard compresses into a buffer of its own bound");
  out.resize(size);
  return out;
}

Result<std::string> unzstd(std::string_view compressed, std::size_t limit) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     &ZSTD_freeDCtx);
  ensure(context != nullptr, "Zstandard has memory");
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, zstd_window_log_max);
  std::string out;
  std::string chunk(chunk_bytes, '\0');
  ZSTD_inBuffer input{compressed.data(), compressed.size(), 0};
  std::size_t missing = 1;  // zero at the end of a frame
  bool full = true;         // the last chunk: more may wait inside the decoder
  while (input.pos < input.size || (missing != 0 && full)) {
    ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
    missing = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(missing) != 0) return damaged(ZSTD_getErrorName(missing));
    if (output.pos > limit - out.size()) return beyond(limit);
    out.append(chunk, 0, output.pos);
    full = output.pos == chunk.size();
  }
  if (missing != 0) return damaged("the frame ends too early");
  return out;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  ensure(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits, 8,
                      Z_DEFAULT_STRATEGY) == Z_OK,
         "zlib has memory");
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = bytes(text.data());
  stream.avail_in = narrow(text.size());
  stream.next_out = bytes(out.data());
  stream.avail_out = narrow(out.size());
  const auto code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  ensure(code == Z_STREAM_END, "zlib compresses into a buffer of its own bound");
  return out;
}

Result<std::string> gunzip(std::string_view compressed, std::size_t limit) {
  z_stream stream{};
  ensure(inflateInit2(&stream, gzip_window_bits) == Z_OK, "zlib has memory");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> open(&stream, &inflateEnd);
  stream.next_in = bytes(compressed.data());
  stream.avail_in = narrow(compressed.size());
  std::string out;
  std::string chunk(chunk_bytes, '\0');
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    stream.next_out = bytes(chunk.data());
    stream.avail_out = narrow(chunk.size());
    code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) {
      return damaged(stream.msg != nullptr ? stream.msg : "the data ends too early");
    }
    const auto made = chunk.size() - stream.avail_out;
    if (made > limit - out.size()) return beyond(limit);
    out.append(chunk, 0, made);
  }
  if (stream.avail_in > 0) return damaged("bytes follow the end");
  return out;
}

std::uint32_t crc32(std::string_view text) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes(text.data()), text.size()));
}

}  // namespace temps::compress
