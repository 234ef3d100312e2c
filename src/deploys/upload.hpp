// Trees that arrive in a request: a packed folder, or one of our examples.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "files/files.hpp"
#include "http/message.hpp"
#include "net/loop.hpp"

namespace temps::deploys {

struct UploadLimits {
  std::filesystem::path folder;  // where files lie meanwhile
  std::uint64_t bytes_max;       // of the body
  std::uint64_t free_bytes_min;  // on the disk; less on one that has not ten times as much
  files::TarLimits contents{};   // of what it unpacks to
};

// A tar file that is removed with the object, unless somebody has moved it away.
class ReceivedTree {
 public:
  explicit ReceivedTree(std::filesystem::path file) : file_(std::move(file)) {}
  ReceivedTree(ReceivedTree&& other) noexcept : file_(std::exchange(other.file_, {})) {}
  ReceivedTree& operator=(ReceivedTree&&) = delete;
  ~ReceivedTree();
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
};

// The body, a tar file in gzip, as a tar file that unpacks without a fault. Nothing is kept of one
// that is refused: fails with `upload_too_large`, `empty_upload`, `disk_full`,
// `compress.bad_data`, `compress.too_large`, `files.bad_archive`, `files.too_large`.
Task<ReceivedTree> receive_tree(net::Loop& loop, http::BodyReader& body, UploadLimits limits);

// The files of an example app: "node" or "static". Fails with `no_such_example`.
Task<ReceivedTree> example_tree(net::Loop& loop, std::string name, std::filesystem::path folder);

// What a process that was killed in the middle of an upload has left.
void forget_uploads(const std::filesystem::path& folder);

}  // namespace temps::deploys
