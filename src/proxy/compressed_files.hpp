// Static files as they were compressed for earlier visitors, so that each is compressed once and
// not for everybody. Shared by all loops of a process.
#pragma once
#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "compress/encoder.hpp"

namespace temps::proxy {

class CompressedFiles {
 public:
  // A content and its form: what is written anew has another time, and what replaces it another
  // inode.
  struct Key {
    dev_t device = 0;
    ino_t inode = 0;
    std::int64_t modified_ns = 0;
    off_t size = 0;
    compress::Coding coding = compress::Coding::gzip;
    bool operator==(const Key&) const = default;
    static Key of(const struct stat& status, compress::Coding coding);
  };
  using Body = std::shared_ptr<const std::string>;

  // What is compressed for a visitor, while it is. Ends the claim on its key.
  class Recording {
   public:
    Recording(CompressedFiles& files, const Key& key) : files_(files), key_(key) {}
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    void add(std::string_view coded);
    // It is whole: others get it from now on.
    void finish();

   private:
    CompressedFiles& files_;
    Key key_;
    std::string coded_;
    bool is_too_large_ = false;
  };

  static constexpr std::size_t bytes_usual = 64UL * 1024 * 1024;
  static constexpr std::size_t file_bytes_max = 4UL * 1024 * 1024;  // compressed
  static constexpr std::size_t recordings_max = 16;
  explicit CompressedFiles(std::size_t bytes_max = bytes_usual) : bytes_max_(bytes_max) {}

  // nullptr where it has not been compressed, or was long ago.
  [[nodiscard]] Body find(const Key& key);
  // nullptr where another loop is at it, or too many are at others.
  [[nodiscard]] std::unique_ptr<Recording> record(const Key& key);
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {
    Key key;
    Body body;
  };
  void keep(const Key& key, std::string coded);
  void end(const Key& key);

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;  // for the length of a look-up
  std::list<Entry> entries_;  // those used last in front
  std::unordered_map<Key, std::list<Entry>::iterator, Hash> by_key_;
  std::unordered_set<Key, Hash> recorded_;
  std::size_t bytes_ = 0;
};

}  // namespace temps::proxy
