#include "runtime/open_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace temps::runtime {
namespace {

constexpr std::size_t piece_bytes = std::size_t{256} * 1024;

}  // namespace

OpenFile::OpenFile(const std::filesystem::path& path, For purpose)
    : fd_(::open(path.c_str(),
                 (purpose == For::reading ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC) | O_CLOEXEC,
                 0600)) {}

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

Task<std::string> OpenFile::next_piece() {
  std::string piece(piece_bytes, '\0');
  const auto count = ::read(fd_, piece.data(), piece.size());
  if (count < 0) co_await fail(errno_error("cannot read an archive", errno));
  piece.resize(static_cast<std::size_t>(count));
  co_return piece;
}

Result<> OpenFile::append(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0) return fail(errno_error("cannot write an archive", errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace temps::runtime
