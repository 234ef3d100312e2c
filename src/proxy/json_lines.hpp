// The access log as a text file: one JSON object a line.
#pragma once
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "files/owned_fd.hpp"
#include "routing/access_record.hpp"

namespace temps::proxy {

// For one thread, which may block.
class JsonLines {
 public:
  explicit JsonLines(std::filesystem::path path) : path_(std::move(path)) {}

  void add(const routing::AccessRecord& record);
  // Opens the file again where it was moved away or removed, as logrotate does: looks at most every
  // two seconds. On failure what was added is gone. Fails with `core.system`.
  Result<> write();

 private:
  Result<> open_again();

  std::filesystem::path path_;
  files::OwnedFd file_;
  std::string text_;
  std::chrono::steady_clock::time_point looked_;
};

}  // namespace temps::proxy
