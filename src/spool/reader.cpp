#include "spool/reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/log.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "spool/output.hpp"

namespace temps::spool {

Result<std::optional<Segment>> Reader::next(std::string_view after) {
  auto all = segments(folder_);
  if (!all) return fail(all.error());
  bool has_closed = false;
  for (const auto& segment : *all) {
    if (segment.is_closed) continue;
    const auto closed = close_abandoned(segment);
    if (!closed)
      log::warning("a segment without a writer cannot be closed",
                   {{"segment", segment.id}, {"detail", closed.error().detail()}});
    has_closed = has_closed || (closed && *closed);
  }
  if (has_closed) {
    all = segments(folder_);
    if (!all) return fail(all.error());
  }
  for (auto& segment : *all)
    if (segment.is_closed && segment.id > after) return std::optional(std::move(segment));
  return std::nullopt;
}

Result<std::string> Reader::read(const Segment& segment) {
  return files::read(segment.path, segment_file_bytes_max);
}

Result<> Reader::remove(const Segment& segment) {
  if (::unlink(segment.path.c_str()) == 0 || errno == ENOENT) return {};
  return fail(files::refusal("remove", segment.path, errno));
}

}  // namespace temps::spool
