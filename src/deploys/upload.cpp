#include "deploys/upload.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "compress/decoder.hpp"
#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "deploys/errors.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"

namespace temps::deploys {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = "upload-";

constexpr char package_json[] = {
#embed "../../examples/hello-node/package.json"
    , '\0'};
constexpr char server_js[] = {
#embed "../../examples/hello-node/server.js"
    , '\0'};
constexpr char index_html[] = {
#embed "../../examples/static-site/index.html"
    , '\0'};
constexpr char about_html[] = {
#embed "../../examples/static-site/about.html"
    , '\0'};
constexpr char not_found_html[] = {
#embed "../../examples/static-site/404.html"
    , '\0'};
constexpr char site_css[] = {
#embed "../../examples/static-site/css/site.css"
    , '\0'};

fs::path new_name(const fs::path& folder) {
  return folder / fmt::format("{}{}", prefix, random_hex(12));
}

// Headers, padding and the end come on top of the contents.
std::uint64_t tar_bytes_max(const files::TarLimits& contents) {
  return contents.size_bytes_max + contents.entries_max * 2048;
}

// The tar file as it comes out of the body. Each call blocks.
class Unpacked {
 public:
  Unpacked(const fs::path& file, std::uint64_t bytes_max) : file_(file), gzip_(bytes_max) {}

  Result<> open() {
    fd_.reset(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd_.is_open()) return fail(files::refusal("write", file_, errno));
    return {};
  }
  Result<> add(std::string_view bytes) {
    gzip_.give(bytes);
    for (;;) {
      auto part = gzip_.next();
      if (!part) return fail(part.error());
      if (part->empty()) return {};
      if (auto done = files::write_fully(fd_.get(), *part, file_); !done) return done;
    }
  }
  [[nodiscard]] Result<> finish() const { return gzip_.finish(); }

 private:
  fs::path file_;
  files::OwnedFd fd_;
  compress::Gunzip gzip_;
};

// The build unpacks it by the same rules: what fails there would fail after the client has gone.
Result<> check_tree(const fs::path& file, const files::TarLimits& contents) {
  const auto trial = file.string() + ".trial";
  if (auto made = files::make_folder(trial, 0700); !made) return made;
  auto unpacked = files::unpack_tar(file, trial, contents);
  std::error_code error;
  const bool empty = unpacked && fs::is_empty(trial, error);
  auto removed = files::remove_all(trial);
  if (!unpacked) return unpacked;
  if (empty) {
    return fail(errors::empty_upload, "the archive holds no files; is everything in it ignored?");
  }
  return removed;
}

Result<> check_room(const UploadLimits& limits) {
  const auto space = files::space(limits.folder);
  if (!space) return fail(space.error());
  const auto wanted = std::min(limits.free_bytes_min, space->total_bytes / 10);
  if (space->free_bytes >= wanted) return {};
  return fail(errors::disk_full,
              "the server's disk is nearly full: {} of {} are free, an upload needs {}; remove old "
              "projects or files there, or get a larger disk",
              human_bytes(space->free_bytes), human_bytes(space->total_bytes), human_bytes(wanted));
}

Task<> read_into(net::Loop& loop, http::BodyReader& body, Unpacked& tree, std::uint64_t bytes_max) {
  std::uint64_t size = 0;
  for (;;) {
    const auto bytes = co_await body.read();
    if (bytes.empty()) break;
    size += bytes.size();
    if (size > bytes_max) {
      co_await fail(errors::upload_too_large,
                    "the packed folder is larger than {}; leave large files out by .tempsignore, "
                    "or raise the server's limit: push_size_max",
                    human_bytes(bytes_max));
    }
    auto added = co_await loop.offload([&tree, bytes] { return tree.add(bytes); });
    co_await std::move(added);
  }
  co_await tree.finish();
}

}  // namespace

ReceivedTree::~ReceivedTree() {
  std::error_code ignored;
  if (!file_.empty()) fs::remove(file_, ignored);
}

Task<ReceivedTree> receive_tree(net::Loop& loop, http::BodyReader& body, UploadLimits limits) {
  co_await files::make_folder(limits.folder, 0700);
  co_await check_room(limits);
  ReceivedTree received(new_name(limits.folder));
  {
    Unpacked tree(received.file(), tar_bytes_max(limits.contents));
    co_await tree.open();
    co_await read_into(loop, body, tree, limits.bytes_max);
  }
  auto checked = co_await loop.offload(
      [file = received.file(), contents = limits.contents] { return check_tree(file, contents); });
  co_await std::move(checked);
  co_return received;
}

Task<ReceivedTree> example_tree(net::Loop& loop, std::string name, std::filesystem::path folder) {
  std::vector<files::ExtraFile> content;
  if (name == "node") {
    content = {{"package.json", package_json}, {"server.js", server_js}};
  } else if (name == "static") {
    content = {{"404.html", not_found_html},
               {"about.html", about_html},
               {"css/site.css", site_css},
               {"index.html", index_html}};
  } else {
    co_await fail(errors::no_such_example, "there is no example \"{}\"; there are node and static",
                  name.substr(0, 64));
  }
  co_await files::make_folder(folder, 0700);
  ReceivedTree tree(new_name(folder));
  auto packed = co_await loop.offload([file = tree.file(), content]() -> Result<> {
    const files::TemporaryFolder nothing;
    return files::pack_tar(nothing.path(), file, content);
  });
  co_await std::move(packed);
  co_return tree;
}

void forget_uploads(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with(prefix)) left.push_back(entry->path());
  }
  for (const auto& path : left) fs::remove_all(path, error);
}

}  // namespace temps::deploys
