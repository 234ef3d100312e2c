#include "compress/encoder.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <array>

#include "core/check.hpp"

namespace temps::compress {

namespace {

constexpr std::size_t chunk_bytes = 32UL * 1024;
using Chunk = std::array<char, chunk_bytes>;

// zlib counts in unsigned int.
constexpr std::size_t zlib_bytes_max = 1UL << 30U;
constexpr int gzip_window_bits = 15 + 16;
constexpr int zlib_memory = 8;

class Gzip final : public Encoder {
 public:
  explicit Gzip(Effort effort) {
    const int level = effort == Effort::now ? 5 : 9;
    ensure(::deflateInit2(&stream_, level, Z_DEFLATED, gzip_window_bits, zlib_memory,
                          Z_DEFAULT_STRATEGY) == Z_OK,
           "zlib has memory");
  }
  ~Gzip() override { ::deflateEnd(&stream_); }
  void add(std::string_view bytes, std::string& out) override {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, zlib_bytes_max);
      run(part, Z_NO_FLUSH, out);
      bytes.remove_prefix(part.size());
    }
  }
  void flush(std::string& out) override { run({}, Z_SYNC_FLUSH, out); }
  void finish(std::string& out) override { run({}, Z_FINISH, out); }

 private:
  void run(std::string_view bytes, int how, std::string& out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    Chunk chunk;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(chunk.size());
      const int outcome = ::deflate(&stream_, how);
      ensure(outcome != Z_STREAM_ERROR, "zlib takes what it is given");
      out.append(chunk.data(), chunk.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
};

class Brotli final : public Encoder {
 public:
  explicit Brotli(Effort effort)
      : state_(::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
    ensure(state_ != nullptr, "Brotli has memory");
    const bool is_now = effort == Effort::now;
    ::BrotliEncoderSetParameter(state_, BROTLI_PARAM_QUALITY, is_now ? 4 : 9);
    ::BrotliEncoderSetParameter(state_, BROTLI_PARAM_LGWIN, is_now ? 17 : 22);
  }
  ~Brotli() override { ::BrotliEncoderDestroyInstance(state_); }
  void add(std::string_view bytes, std::string& out) override {
    run(bytes, BROTLI_OPERATION_PROCESS, out);
  }
  void flush(std::string& out) override { run({}, BROTLI_OPERATION_FLUSH, out); }
  void finish(std::string& out) override { run({}, BROTLI_OPERATION_FINISH, out); }

 private:
  void run(std::string_view bytes, BrotliEncoderOperation how, std::string& out) {
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    auto left = bytes.size();
    std::size_t none = 0;
    do {
      ensure(::BrotliEncoderCompressStream(state_, how, &left, &next, &none, nullptr, nullptr) != 0,
             "Brotli takes what it is given");
      for (std::size_t size = 0; ::BrotliEncoderHasMoreOutput(state_) != 0; size = 0) {
        const auto* part = ::BrotliEncoderTakeOutput(state_, &size);
        out.append(reinterpret_cast<const char*>(part), size);
      }
    } while (left > 0);
  }

  BrotliEncoderState* state_;
};

class Zstd final : public Encoder {
 public:
  explicit Zstd(Effort effort) : context_(::ZSTD_createCCtx()) {
    ensure(context_ != nullptr, "Zstandard has memory");
    const bool is_now = effort == Effort::now;
    ::ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, is_now ? 3 : 12);
    // RFC 9659: browsers take windows of 8 MiB at most.
    ::ZSTD_CCtx_setParameter(context_, ZSTD_c_windowLog, is_now ? 17 : 22);
  }
  ~Zstd() override { ::ZSTD_freeCCtx(context_); }
  void add(std::string_view bytes, std::string& out) override { run(bytes, ZSTD_e_continue, out); }
  void flush(std::string& out) override { run({}, ZSTD_e_flush, out); }
  void finish(std::string& out) override { run({}, ZSTD_e_end, out); }

 private:
  void run(std::string_view bytes, ZSTD_EndDirective how, std::string& out) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    Chunk chunk;
    bool is_done = false;
    while (!is_done) {
      ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
      const auto left = ::ZSTD_compressStream2(context_, &output, &input, how);
      ensure(::ZSTD_isError(left) == 0, "Zstandard takes what it is given");
      out.append(chunk.data(), output.pos);
      is_done = how == ZSTD_e_continue ? input.pos == input.size : left == 0;
    }
  }

  ZSTD_CCtx* context_;
};

}  // namespace

std::unique_ptr<Encoder> Encoder::make(Coding coding, Effort effort) {
  switch (coding) {
    case Coding::gzip:
      return std::make_unique<Gzip>(effort);
    case Coding::brotli:
      return std::make_unique<Brotli>(effort);
    case Coding::zstd:
      return std::make_unique<Zstd>(effort);
  }
  return nullptr;
}

std::string encode(Coding coding, std::string_view text, Effort effort) {
  std::string out;
  const auto encoder = Encoder::make(coding, effort);
  encoder->add(text, out);
  encoder->finish(out);
  return out;
}

}  // namespace temps::compress
