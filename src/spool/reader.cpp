#include "spool/reader.hpp"

#include <unistd.h>

#include <cerrno>

#include "core/log.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "spool/output.hpp"

namespace temps::spool {

Result<std::vector<Segment>> Reader::waiting() {
  auto all = segments(folder_);
  if (!all) return all;
  bool has_closed = false;
  for (const auto& segment : *all) {
    if (segment.is_closed) continue;
    const auto closed = close_abandoned(segment);
    if (!closed)
      log::warning("a segment without a writer cannot be closed",
                   {{"segment", segment.id}, {"detail", closed.error().detail()}});
    has_closed = has_closed || (closed && *closed);
  }
  if (has_closed) all = segments(folder_);
  if (all) std::erase_if(*all, [](const Segment& segment) { return !segment.is_closed; });
  return all;
}

Result<std::string> Reader::read(const Segment& segment) {
  return files::read(segment.path, segment_file_bytes_max);
}

Result<> Reader::remove(const Segment& segment) {
  if (::unlink(segment.path.c_str()) == 0 || errno == ENOENT) return {};
  return fail(files::refusal("remove", segment.path, errno));
}

}  // namespace temps::spool
