#include "baseimages/sources.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "core/text.hpp"
#include "files/files.hpp"

namespace temps::baseimages {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view default_mirror = "http://deb.debian.org/debian";
constexpr std::size_t file_bytes_max = std::size_t{256} * 1024;

void add_address(Sources& sources, std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  if (!address.starts_with("http://") && !address.starts_with("https://")) return;
  const bool security = address.ends_with("debian-security");
  if (!security && !address.ends_with("/debian")) return;
  auto& known = security ? sources.security : sources.mirror;
  if (known.empty()) known = address;
}

}  // namespace

void add_sources(Sources& sources, std::string_view text) {
  for (auto line : split(text, '\n')) {
    line = trimmed(line);
    const bool one_line_form = line.starts_with("deb ") || line.starts_with("deb\t");
    if (!one_line_form && !line.starts_with("URIs:")) continue;
    for (const auto word : split(line, ' ')) add_address(sources, trimmed(word));
  }
}

Sources sources_of_machine(const fs::path& apt_folder) {
  std::vector<fs::path> paths{apt_folder / "sources.list"};
  std::error_code error;
  for (fs::directory_iterator entry(apt_folder / "sources.list.d", error), end;
       !error && entry != end; entry.increment(error)) {
    const auto extension = entry->path().extension();
    if (extension == ".list" || extension == ".sources") paths.push_back(entry->path());
  }
  std::sort(paths.begin() + 1, paths.end());
  Sources sources;
  for (const auto& path : paths) {
    add_sources(sources, files::read(path, file_bytes_max).value_or(""));
  }
  if (sources.mirror.empty()) sources.mirror = default_mirror;
  return sources;
}

std::string sources_list(const Sources& sources) {
  auto text = fmt::format("deb {} bookworm main\n", sources.mirror);
  if (!sources.security.empty()) {
    text += fmt::format("deb {} bookworm-security main\n", sources.security);
  }
  return text;
}

}  // namespace temps::baseimages
