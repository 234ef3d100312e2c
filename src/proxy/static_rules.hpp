// The decisions about serving a file, without touching one: which names are asked for, how they may
// be cached, and which part of which encoding to send.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http1/http1.hpp"

namespace temps::proxy {

// A request path as names below the tree's root.
struct StaticPath {
  std::string relative;         // "docs/a b.html", decoded, without slashes at the ends
  bool trailing_slash = false;  // "/" and "/docs/"
};
// Nothing for paths that no file can have or may be seen by: dot segments, hidden names (except
// .well-known), encoded slashes, NUL, backslashes, broken escapes.
std::optional<StaticPath> parse_static_path(std::string_view path);
// For Location: "/docs/a%20b/". Never begins with two slashes.
std::string encoded_folder(std::string_view relative);

// Has the last segment an extension, so that it names a file and not a view of an app?
bool has_extension(std::string_view relative);
std::string_view cache_control(std::string_view relative, std::string_view content_type);
// Does the name hold a hash of the content ("index-BqW5nK_z.js", "main.3f2a1b4c.css")?
bool has_hashed_name(std::string_view relative);

// What a file is, as far as conditions and ranges care.
struct Validators {
  std::string etag;  // strong, with quotes
  std::chrono::sys_seconds modified;
  std::uint64_t size = 0;
};
std::string make_etag(std::int64_t modified_ns, std::uint64_t size, std::uint64_t inode);

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};
struct Selection {
  int status = 200;  // 200, 206, 304, 412 or 416
  ByteRange range;   // what to send; of 200 and 206
};
// RFC 9110 §13.2.2 and §14.2. Several ranges at once get the whole file.
Selection select(const http1::Fields& fields, const Validators& file);

}  // namespace temps::proxy
