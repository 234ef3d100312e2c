#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>
#include <vector>

#include "files/files.hpp"
#include "files/folder.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"
#include "files/tar_format.hpp"

namespace temps::files {

namespace {

// Zip, which some builds pack these files into, knows no time before 1980.
constexpr std::int64_t extra_file_modified = 315'619'200;
// Tar programs read and write ten kilobytes at a time and want the end to be whole.
constexpr std::size_t record_size = 20 * tar::block_size;

class Sink {
 public:
  Sink(int fd, const Path& path) : fd_(fd), path_(path) { buffer_.reserve(capacity); }

  Result<> write(std::string_view bytes) {
    written_ += bytes.size();
    buffer_ += bytes;
    return buffer_.size() < capacity ? Result<>{} : flush();
  }
  Result<> pad_to(std::size_t unit) {
    return write(std::string((unit - written_ % unit) % unit, '\0'));
  }
  Result<> flush() {
    auto done = write_fully(fd_, buffer_, path_);
    buffer_.clear();
    return done;
  }

  Result<> header(const tar::Header& header) {
    if (auto block = tar::to_block(header)) return write({block->data(), block->size()});
    std::string records;
    auto shortened = header;
    if (header.name.size() > 100) {
      records += tar::to_record("path", header.name);
      shortened.name = header.name.substr(0, 100);
    }
    if (header.link.size() > 100) {
      records += tar::to_record("linkpath", header.link);
      shortened.link.resize(100);
    }
    if (!tar::to_block({.size = header.size})) {
      records += tar::to_record("size", std::to_string(header.size));
      shortened.size = 0;
    }
    const auto extension = tar::to_block(
        {.kind = tar::Kind::pax_records, .name = "PaxHeaders", .link = {}, .size = records.size()});
    if (auto done = write({extension->data(), extension->size()}); !done) return done;
    if (auto done = write(records); !done) return done;
    if (auto done = pad_to(tar::block_size); !done) return done;
    const auto block = tar::to_block(shortened);
    return write({block->data(), block->size()});
  }

  Result<> end() {
    if (auto done = write(std::string(2 * tar::block_size, '\0')); !done) return done;
    if (auto done = pad_to(record_size); !done) return done;
    return flush();
  }

 private:
  static constexpr std::size_t capacity = 256U << 10U;
  int fd_;
  const Path& path_;
  std::string buffer_;
  std::uint64_t written_ = 0;
};

class Packing {
 public:
  Packing(Sink& sink, const Path& folder, std::set<std::string> left_out, struct stat archive)
      : sink_(sink), folder_(folder), left_out_(std::move(left_out)), archive_(archive) {}

  Result<> add(const Visit& visit) {
    const auto& status = visit.entry.status;
    if (left_out_.contains(visit.path.native())) return {};
    if (status.st_dev == archive_.st_dev && status.st_ino == archive_.st_ino) return {};
    tar::Header header{.name = visit.path.native(),
                       .link = {},
                       .mode = status.st_mode & 0777U,
                       .modified = status.st_mtim.tv_sec};
    if (S_ISDIR(status.st_mode)) {
      header.kind = tar::Kind::folder;
      header.name += '/';
      return sink_.header(header);
    }
    if (S_ISLNK(status.st_mode)) return add_link(visit, std::move(header));
    if (S_ISREG(status.st_mode)) return add_file(visit, std::move(header));
    return {};  // sockets and the like have no content
  }

 private:
  Result<> add_link(const Visit& visit, tar::Header header) {
    std::array<char, tar::name_size_max + 1> target{};
    const auto size =
        ::readlinkat(visit.parent, visit.entry.name.c_str(), target.data(), target.size());
    if (size < 0) return fail(refusal("read the link", folder_ / visit.path, errno));
    header.kind = tar::Kind::symbolic_link;
    header.link.assign(target.data(), static_cast<std::size_t>(size));
    return sink_.header(header);
  }

  Result<> add_file(const Visit& visit, tar::Header header) {
    const auto path = folder_ / visit.path;
    const OwnedFd file(::openat(visit.parent, visit.entry.name.c_str(),
                                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status{};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
      return fail(refusal("open", path, errno));
    }
    header.size = static_cast<std::uint64_t>(status.st_size);
    if (auto done = sink_.header(header); !done) return done;
    std::vector<char> buffer(128U << 10U);
    for (auto left = header.size; left > 0;) {
      auto got = read_fully(
          file.get(), std::span(buffer).first(std::min<std::uint64_t>(left, buffer.size())), path);
      if (!got) return fail(got.error());
      if (*got == 0) {
        return fail(temps::errors::system, "{} shrank while it was packed", path.native());
      }
      if (auto done = sink_.write({buffer.data(), *got}); !done) return done;
      left -= *got;
    }
    return sink_.pad_to(tar::block_size);
  }

  Sink& sink_;
  const Path& folder_;
  std::set<std::string> left_out_;
  struct stat archive_;
};

}  // namespace

Result<> pack_tar(const Path& folder, const Path& archive, const std::vector<ExtraFile>& extra,
                  const Keep& keep) {
  const OwnedFd fd(::open(archive.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  struct stat status{};
  if (!fd.is_open() || ::fstat(fd.get(), &status) != 0) {
    return fail(refusal("write", archive, errno));
  }
  Sink sink(fd.get(), archive);
  std::set<std::string> left_out;
  for (const auto& file : extra) left_out.insert(file.name);
  Packing packing(sink, folder, std::move(left_out), status);
  auto packed = walk_folder(folder, [&](const Visit& visit) {
    return keep && !keep(visit.path.native()) ? Result<>{} : packing.add(visit);
  });
  if (!packed) return packed;
  for (const auto& file : extra) {
    const tar::Header header{.name = file.name,
                             .link = {},
                             .size = file.content.size(),
                             .modified = extra_file_modified};
    if (auto done = sink.header(header); !done) return done;
    if (auto done = sink.write(file.content); !done) return done;
    if (auto done = sink.pad_to(tar::block_size); !done) return done;
  }
  return sink.end();
}

Result<> pack_files(const Path& folder, const std::vector<std::string>& names,
                    const Path& archive) {
  const OwnedFd top(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top.is_open()) return fail(refusal("open the folder", folder, errno));
  const OwnedFd fd(::open(archive.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  struct stat status{};
  if (!fd.is_open() || ::fstat(fd.get(), &status) != 0) {
    return fail(refusal("write", archive, errno));
  }
  Sink sink(fd.get(), archive);
  Packing packing(sink, folder, {}, status);
  for (const auto& name : names) {
    FolderEntry entry{.name = name};
    if (::fstatat(top.get(), name.c_str(), &entry.status, AT_SYMLINK_NOFOLLOW) != 0) {
      return fail(refusal("look at", folder / name, errno));
    }
    const Path path(name);
    if (auto done = packing.add({top.get(), path, entry}); !done) return done;
  }
  return sink.end();
}

}  // namespace temps::files
