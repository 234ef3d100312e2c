#include "proxy/compressed_files.hpp"

#include <utility>

namespace temps::proxy {
namespace {

// What an entry takes besides its bytes: small files must not fill the memory uncounted.
constexpr std::size_t entry_bytes = 256;

}  // namespace

CompressedFiles::Key CompressedFiles::Key::of(const struct stat& status, compress::Coding coding) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
          .size = status.st_size,
          .coding = coding};
}

std::size_t CompressedFiles::Hash::operator()(const Key& key) const {
  constexpr std::size_t odd = 0x9e3779b97f4a7c15U;
  auto mixed = static_cast<std::size_t>(key.inode) * odd;
  mixed = (mixed ^ static_cast<std::size_t>(key.modified_ns)) * odd;
  return (mixed ^ static_cast<std::size_t>(key.coding)) * odd;
}

CompressedFiles::Body CompressedFiles::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->body;
}

std::unique_ptr<CompressedFiles::Recording> CompressedFiles::record(const Key& key) {
  const std::lock_guard lock(mutex_);
  if (recorded_.size() >= recordings_max || !recorded_.insert(key).second) return nullptr;
  return std::make_unique<Recording>(*this, key);
}

std::size_t CompressedFiles::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void CompressedFiles::end(const Key& key) {
  const std::lock_guard lock(mutex_);
  recorded_.erase(key);
}

void CompressedFiles::keep(const Key& key, std::string coded) {
  auto body = std::make_shared<const std::string>(std::move(coded));
  std::list<Entry> gone;  // freed without the lock
  const std::lock_guard lock(mutex_);
  const auto size = body->size() + entry_bytes;
  if (size > bytes_max_ || by_key_.contains(key)) return;
  while (bytes_ + size > bytes_max_) {
    bytes_ -= entries_.back().body->size() + entry_bytes;
    by_key_.erase(entries_.back().key);
    gone.splice(gone.begin(), entries_, std::prev(entries_.end()));
  }
  entries_.push_front({key, std::move(body)});
  by_key_.emplace(key, entries_.begin());
  bytes_ += size;
}

CompressedFiles::Recording::~Recording() { files_.end(key_); }

void CompressedFiles::Recording::add(std::string_view coded) {
  if (is_too_large_) return;
  if (coded_.size() + coded.size() > file_bytes_max) {
    is_too_large_ = true;
    coded_ = {};
    return;
  }
  coded_ += coded;
}

void CompressedFiles::Recording::finish() {
  if (is_too_large_) return;
  coded_.shrink_to_fit();
  files_.keep(key_, std::move(coded_));
  coded_ = {};
  is_too_large_ = true;  // nothing more comes
}

}  // namespace temps::proxy
