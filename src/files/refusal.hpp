// What the operating system refuses, in words that say what to do about it. Private to files and to
// who works with descriptors directly.
#pragma once
#include <span>
#include <string_view>

#include "core/result.hpp"
#include "files/files.hpp"

namespace temps::files {

// `core.system` with the action, the path and the way out for a full disk, missing rights and the
// like; `files.not_found` when there is no such file. `code` is an errno.
Error refusal(std::string_view action, const Path& path, int code);

// All of `content`, however often the kernel stops in between. `path` is for the message.
Result<> write_fully(int fd, std::string_view content, const Path& path);
// Reads until `into` is full or the file ends; yields the number of bytes.
Result<std::size_t> read_fully(int fd, std::span<char> into, const Path& path);

}  // namespace temps::files
