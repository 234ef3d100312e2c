// A file on its way to the engine or from it.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/task.hpp"

namespace temps::runtime {

class OpenFile {
 public:
  enum class For { reading, writing };

  OpenFile(const std::filesystem::path& path, For purpose);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  // Empty at the end. Fails with `core.system`, also where the file could not be opened.
  Task<std::string> next_piece();
  [[nodiscard]] Result<> append(std::string_view bytes) const;

 private:
  int fd_;
};

}  // namespace temps::runtime
