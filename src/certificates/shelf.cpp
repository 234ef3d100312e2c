#include "certificates/shelf.hpp"

#include <fmt/core.h>

#include <system_error>
#include <vector>

#include "files/files.hpp"

namespace temps::certificates {

namespace {
constexpr std::string_view staple_prefix = "staple-";
}  // namespace

std::filesystem::path Shelf::chain(std::string_view label) const {
  return folder_ / label / "chain.pem";
}

std::filesystem::path Shelf::key(std::string_view label) const {
  return folder_ / label / "key.pem";
}

bool Shelf::has(std::string_view label, std::string_view wanted) const {
  std::error_code ignored;
  if (std::filesystem::file_size(key(label), ignored) == 0 || ignored) return false;
  const auto found = files::read(chain(label));
  return found && *found == wanted;
}

Result<> Shelf::put(std::string_view label, std::string_view chain_pem,
                    const Secret& key_pem) const {
  if (auto made = files::make_folder(folder_, 0700); !made) return made;
  if (auto made = files::make_folder(folder_ / label, 0700); !made) return made;
  // The chain comes last: where it is, all of it is.
  auto written = files::write_atomically(key(label), key_pem.reveal(), 0600);
  if (!written) return written;
  return files::write_atomically(chain(label), chain_pem, 0600);
}

std::filesystem::path Shelf::staple(std::string_view label, std::int64_t from) const {
  return folder_ / label / fmt::format("{}{}.der", staple_prefix, from);
}

Result<> Shelf::put_staple(std::string_view label, std::int64_t from, std::string_view der) const {
  return files::write_atomically(staple(label, from), der, 0600);
}

Result<> Shelf::keep_staple(std::string_view label, std::int64_t from) const {
  const auto kept = staple(label, from).filename();
  std::error_code error;
  std::vector<std::filesystem::path> others;
  for (std::filesystem::directory_iterator at(folder_ / label, error), end; !error && at != end;
       at.increment(error)) {
    const auto name = at->path().filename();
    if (name.string().starts_with(staple_prefix) && name != kept) others.push_back(at->path());
  }
  for (const auto& other : others) {
    if (auto removed = files::remove_all(other); !removed) return removed;
  }
  return {};
}

Result<> Shelf::keep_only(const std::set<std::string, std::less<>>& labels) const {
  std::error_code error;
  std::vector<std::filesystem::path> strangers;
  for (std::filesystem::directory_iterator at(folder_, error), end; !error && at != end;
       at.increment(error)) {
    if (!labels.contains(at->path().filename().string())) strangers.push_back(at->path());
  }
  for (const auto& stranger : strangers) {
    if (auto removed = files::remove_all(stranger); !removed) return removed;
  }
  return {};
}

}  // namespace temps::certificates
