// Any bytes as an archive: nothing may be written outside the folder, and nothing may crash.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "files/files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace temps;
  static const files::TemporaryFolder work;
  const auto folder = work.path() / "inside";
  if (!files::make_folder(folder)) return 0;
  const int archive = ::memfd_create("archive", MFD_CLOEXEC);
  if (::write(archive, data, size) == static_cast<ssize_t>(size)) {
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
