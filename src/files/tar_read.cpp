#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "core/text.hpp"
#include "files/files.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"
#include "files/tar_format.hpp"
#include "files/unpack_target.hpp"

namespace temps::files {

namespace {

// The archive as a stream of blocks.
class Source {
 public:
  Source(OwnedFd fd, const Path& path) : fd_(std::move(fd)), path_(path), buffer_(256U << 10U) {}

  // The next 1 to `wanted` bytes.
  Result<std::string_view> take(std::uint64_t wanted) {
    if (from_ == to_) {
      auto got = read_fully(fd_.get(), buffer_, path_);
      if (!got) return fail(got.error());
      if (*got == 0) {
        return fail(errors::bad_archive, "the archive ends too early; was the upload cut off?");
      }
      from_ = 0;
      to_ = *got;
    }
    const auto size = std::min<std::uint64_t>(wanted, to_ - from_);
    const std::string_view bytes(buffer_.data() + from_, size);
    from_ += size;
    return bytes;
  }

  Result<> block(tar::Block& into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
      auto bytes = take(into.size() - filled);
      if (!bytes) return fail(bytes.error());
      std::ranges::copy(*bytes, into.data() + filled);
      filled += bytes->size();
    }
    return {};
  }

  // Hands `size` bytes of content on and leaves out what fills the last block.
  template <class F>
  Result<> content(std::uint64_t size, F each) {
    auto left = size;
    auto padding = (tar::block_size - size % tar::block_size) % tar::block_size;
    while (left > 0 || padding > 0) {
      auto bytes = take(left > 0 ? left : padding);
      if (!bytes) return fail(bytes.error());
      if (left == 0) {
        padding -= bytes->size();
        continue;
      }
      left -= bytes->size();
      if (Result<> done = each(*bytes); !done) return done;
    }
    return {};
  }

 private:
  OwnedFd fd_;
  const Path& path_;
  std::vector<char> buffer_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
};

class Unpacking {
 public:
  Unpacking(Source& source, UnpackTarget& target, const Path& folder, TarLimits limits)
      : source_(source), target_(target), folder_(folder), limits_(limits) {}

  Result<> run() {
    // Extensions make no files; without a limit of their own an archive of them would never end.
    for (std::uint64_t headers = 0; headers < 3 * limits_.entries_max + 3; ++headers) {
      tar::Block block;
      if (auto read = source_.block(block); !read) return read;
      if (tar::is_zero(block)) return {};
      auto header = tar::parse_header(block);
      if (!header) return fail(header.error());
      if (auto done = entry(std::move(*header)); !done) return done;
    }
    return fail(errors::too_large, "the archive holds more than {} files and folders",
                limits_.entries_max);
  }

 private:
  static bool is_extension(tar::Kind kind) {
    return kind == tar::Kind::pax_records || kind == tar::Kind::global_pax_records ||
           kind == tar::Kind::long_name || kind == tar::Kind::long_link;
  }

  Result<> entry(tar::Header header) {
    if (is_extension(header.kind)) return extension(header);
    if (auto applied = apply_extensions(header); !applied) return applied;
    extensions_.clear();
    switch (header.kind) {
      case tar::Kind::folder:
        if (auto made = target_.add_folder(header.name, header.mode); !made) return made;
        break;
      case tar::Kind::symbolic_link:
        if (auto made = target_.add_symbolic_link(header.name, header.link); !made) return made;
        break;
      case tar::Kind::hard_link:
        // Some writers give the size of the file that it leads to, with no content here.
        return target_.add_hard_link(header.name, header.link);
      default:
        return file(header);
    }
    return source_.content(header.size, [](std::string_view) -> Result<> { return {}; });
  }

  Result<> extension(const tar::Header& header) {
    if (header.size > tar::extension_size_max) {
      return fail(errors::bad_archive, "the archive has a header of {} bytes", header.size);
    }
    std::string text;
    auto read = source_.content(header.size, [&text](std::string_view bytes) -> Result<> {
      text += bytes;
      return {};
    });
    if (!read) return read;
    if (header.kind == tar::Kind::long_name || header.kind == tar::Kind::long_link) {
      text.resize(std::min(text.find('\0'), text.size()));
      extensions_[header.kind == tar::Kind::long_name ? "path" : "linkpath"] = text;
      return {};
    }
    auto records = tar::parse_records(text);
    if (!records) return fail(records.error());
    // Records for the whole archive say nothing of interest here; git writes the commit into one.
    if (header.kind == tar::Kind::pax_records) {
      for (auto& [key, value] : *records) extensions_[key] = std::move(value);
    }
    return {};
  }

  Result<> apply_extensions(tar::Header& header) {
    for (const auto& [key, value] : extensions_) {
      if (key == "path") {
        header.name = value;
      } else if (key == "linkpath") {
        header.link = value;
      } else if (key == "size") {
        const auto size = parse_number<std::uint64_t>(value);
        if (!size || *size > std::uint64_t{1} << 62U) {
          return fail(errors::bad_archive, "the size of \"{}\" is no number", header.name);
        }
        header.size = *size;
      } else if (key.starts_with("GNU.sparse.")) {
        return fail(errors::bad_archive,
                    "\"{}\" is a sparse file, which is not supported; pack it without --sparse",
                    header.name);
      }
    }
    if (header.link.find('\0') != std::string::npos) {
      return fail(errors::bad_archive, "the link \"{}\" leads nowhere", header.name);
    }
    return {};
  }

  Result<> file(const tar::Header& header) {
    if (header.size > limits_.size_bytes_max - unpacked_) {
      return fail(errors::too_large, "the archive unpacks to more than {}",
                  human_bytes(limits_.size_bytes_max));
    }
    unpacked_ += header.size;
    auto out = target_.add_file(header.name, header.mode);
    if (!out) return fail(out.error());
    auto written = source_.content(header.size, [&](std::string_view bytes) -> Result<> {
      return write_fully(out->get(), bytes, folder_ / header.name);
    });
    if (!written) return written;
    const timespec when{.tv_sec = header.modified, .tv_nsec = 0};
    const std::array<timespec, 2> times{when, when};
    ::futimens(out->get(), times.data());
    return {};
  }

  Source& source_;
  UnpackTarget& target_;
  const Path& folder_;
  TarLimits limits_;
  std::uint64_t unpacked_ = 0;
  tar::Records extensions_;  // for the next entry
};

}  // namespace

Result<> unpack_tar(const Path& archive, const Path& folder, TarLimits limits) {
  OwnedFd fd(::open(archive.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) return fail(refusal("open", archive, errno));
  auto target = UnpackTarget::open(folder, limits.entries_max);
  if (!target) return fail(target.error());
  Source source(std::move(fd), archive);
  return Unpacking(source, *target, folder, limits).run();
}

}  // namespace temps::files
