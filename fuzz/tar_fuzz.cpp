// Any bytes as an archive: nothing may be written outside the folder, and nothing may crash.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "core/text.hpp"
#include "files/files.hpp"

namespace {

// Otherwise hardly any input would get past the checksums of the headers.
void repair_checksums(std::string& archive) {
  constexpr std::size_t block = 512;
  constexpr std::size_t checksum = 148;
  constexpr std::size_t checksum_end = 156;
  for (std::size_t at = 0; at + block <= archive.size();) {
    std::fill_n(archive.begin() + static_cast<std::ptrdiff_t>(at + checksum), 8, ' ');
    unsigned sum = 0;
    for (std::size_t i = at; i < at + block; ++i) sum += static_cast<unsigned char>(archive[i]);
    archive.replace(at + checksum, checksum_end - checksum,
                    fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    const auto size = temps::parse_number<std::size_t>(archive.substr(at + 124, 11), 8);
    at += block + std::min(size.value_or(0), archive.size()) / block * block;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace temps;
  static const files::TemporaryFolder work;
  const auto folder = work.path() / "inside";
  if (!files::make_folder(folder)) return 0;
  // An even first byte leaves the bytes as they are.
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (size > 0 && (data[0] & 1U) != 0) repair_checksums(bytes);
  const int archive = ::memfd_create("archive", MFD_CLOEXEC);
  if (::write(archive, bytes.data(), size) == static_cast<ssize_t>(size)) {
    (void)files::unpack_tar(fmt::format("/proc/self/fd/{}", archive), folder,
                            {.size_bytes_max = 1U << 20U, .entries_max = 100});
  }
  ::close(archive);
  for (const auto& entry : std::filesystem::directory_iterator(work.path())) {
    ensure(entry.path() == folder, "something was written outside the folder");
  }
  (void)files::remove_all(folder);
  return 0;
}
