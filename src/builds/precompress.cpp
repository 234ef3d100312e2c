#include "builds/precompress.hpp"

#include <array>
#include <string>
#include <system_error>
#include <utility>

#include "compress/encoder.hpp"
#include "files/files.hpp"
#include "http1/media_type.hpp"

namespace temps::builds {

namespace {

namespace fs = std::filesystem;

// Shorter ones fit into one packet either way.
constexpr std::uintmax_t bytes_min = 1024;
constexpr std::uintmax_t bytes_max = 32UL << 20U;

constexpr std::array<std::pair<std::string_view, compress::Coding>, 2> siblings{
    {{".br", compress::Coding::brotli}, {".gz", compress::Coding::gzip}}};

bool is_wanted(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (!fs::is_regular_file(entry.symlink_status(ignored))) return false;
  const auto size = entry.file_size(ignored);
  return !ignored && size >= bytes_min && size <= bytes_max &&
         http1::is_compressible(http1::content_type(entry.path().filename().string()));
}

// The size of the best form; nothing when there is no form that is worth it.
std::uint64_t add_siblings(const fs::path& file) {
  std::uint64_t best = 0;
  std::string text;
  for (const auto& [suffix, coding] : siblings) {
    const fs::path sibling = file.string() + std::string(suffix);
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(sibling, ignored))) continue;
    if (text.empty()) {
      auto read = files::read(file, bytes_max);
      if (!read) return 0;
      text = std::move(*read);
    }
    const auto coded = compress::encode(coding, text, compress::Effort::once);
    const bool is_worth_it = coded.size() < text.size() - text.size() / 10;
    if (!is_worth_it || !files::write_atomically(sibling, coded, 0644)) continue;
    if (best == 0) best = coded.size();
  }
  return best;
}

}  // namespace

Precompressed precompress(const fs::path& root, std::chrono::seconds time_limit) {
  const auto end = std::chrono::steady_clock::now() + time_limit;
  std::vector<fs::path> wanted;
  std::error_code error;
  for (fs::recursive_directory_iterator at(root, error), last; !error && at != last;
       at.increment(error)) {
    if (is_wanted(*at)) wanted.push_back(at->path());
  }
  Precompressed done;
  for (const auto& file : wanted) {
    if (std::chrono::steady_clock::now() >= end) {
      done.is_cut_short = true;
      break;
    }
    std::error_code ignored;
    const auto before = fs::file_size(file, ignored);
    const auto after = add_siblings(file);
    if (after == 0 || ignored) continue;
    ++done.files;
    done.bytes_before += before;
    done.bytes_after += after;
  }
  return done;
}

}  // namespace temps::builds
