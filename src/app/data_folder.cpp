#include "app/data_folder.hpp"

#include "app/errors.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "files/files.hpp"

namespace temps::app {

namespace {

// Before anything is made there: a folder of a newer version may be laid out in another way.
Result<> check_version(const Layout& layout) {
  auto version = files::read(layout.version_file());
  if (!version) {
    if (version.error().is(files::errors::not_found)) return {};
    return fail(version.error());
  }
  const auto number = parse_number<int>(trimmed(*version));
  if (number && *number <= layout_version) return {};
  return fail(errors::newer_data,
              "the data folder {} was written by a newer Temps (layout {}, this one knows {}); use "
              "that version, or another folder with --data-dir",
              layout.root.string(), trimmed(*version), layout_version);
}

}  // namespace

Result<> prepare(const Layout& layout) {
  if (auto checked = check_version(layout); !checked) return checked;
  // The database's and the apps' users pass through the root, but may not look around in it.
  struct Folder {
    std::filesystem::path path;
    unsigned mode;
  };
  const std::vector<Folder> folders{{layout.root, 0711},
                                    {layout.run(), 0711},
                                    {layout.root / "routes", 0700},
                                    {layout.repositories(), 0700},
                                    {layout.sources(), 0700},
                                    {layout.work(), 0711},
                                    {layout.static_sites(), 0755},
                                    {layout.logs(), 0700},
                                    {layout.certificates(), 0700},
                                    {layout.request_spool().parent_path(), 0700}};
  for (const auto& folder : folders) {
    if (auto made = files::make_folder(folder.path, folder.mode); !made) return made;
  }
  std::error_code error;
  if (std::filesystem::exists(layout.version_file(), error)) return {};
  return files::write_atomically(layout.version_file(), fmt::format("{}\n", layout_version));
}

Result<std::string> installation_id(const Layout& layout) {
  if (auto known = files::read(layout.installation())) return std::string(trimmed(*known));
  auto id = random_hex(4);
  if (auto written = files::write_atomically(layout.installation(), id + "\n"); !written) {
    return fail(written.error());
  }
  return id;
}

}  // namespace temps::app
