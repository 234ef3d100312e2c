// Opening files below a folder, without a way out: no "..", no link that leads outside.
#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace temps::proxy {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct OpenFile {
  FileDescriptor file;
  struct stat status{};
  [[nodiscard]] bool is_regular() const { return file && S_ISREG(status.st_mode); }
  [[nodiscard]] bool is_folder() const { return file && S_ISDIR(status.st_mode); }
};

// How openat2(2) is replaced on kernels before 5.6 is a parameter so that tests cover both.
enum class Opening : std::uint8_t { kernel, stepwise };

class Tree {
 public:
  explicit Tree(const std::string& root, Opening opening = Opening::kernel);
  // Links inside the tree are followed with Opening::kernel and refused with Opening::stepwise.
  // The result has no file where there is none, or none that may be served.
  [[nodiscard]] OpenFile open(std::string_view relative) const;

 private:
  [[nodiscard]] int open_beneath(const std::string& relative) const;
  [[nodiscard]] int open_stepwise(std::string_view relative) const;
  FileDescriptor root_;
  Opening opening_;
};

}  // namespace temps::proxy
