#include "runtime/docker_cache.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <queue>
#include <tuple>
#include <utility>

#include "core/text.hpp"
#include "files/files.hpp"
#include "runtime/docker_api.hpp"
#include "runtime/docker_state.hpp"

namespace temps::runtime {
namespace {

// What the build stream shows of an id.
constexpr std::size_t short_id_digits = 12;
constexpr std::string_view digest = "sha256:";

std::string short_id(std::string_view id) {
  if (id.starts_with(digest)) id.remove_prefix(digest.size());
  return std::string(id.substr(0, short_id_digits));
}

std::string line_of(std::string_view id, const StepLedger::Step& step) {
  return fmt::format("{} {} {}\n", id, step.since_s, step.used_s);
}

std::string label_of(const EngineImage& image, const char* name) {
  const auto found = image.labels.find(name);
  return found == image.labels.end() ? std::string{} : found->second;
}

// The engine sets the labels in steps of their own, of which the last has all.
bool is_final(const EngineImage& image) {
  return !label_of(image, label::installation).empty() &&
         !label_of(image, label::project).empty() && !label_of(image, label::deployment).empty();
}

bool is_final_of(const EngineImage& image, const std::string& installation) {
  return is_final(image) && label_of(image, label::installation) == installation;
}

std::string tag_of(const EngineImage& image) {
  return fmt::format("temps/{}:{}", label_of(image, label::project),
                     label_of(image, label::deployment));
}

// The images as a forest, from which leaves are taken.
class Forest {
 public:
  Forest(const std::vector<EngineImage>& images, const StepLedger& ledger)
      : images_(images), ledger_(ledger), children_(images.size()), parent_(images.size(), none) {
    for (std::size_t i = 0; i < images.size(); ++i) index_.emplace(images[i].id, i);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const auto found = index_.find(images[i].parent);
      if (found == index_.end() || found->second == i) continue;
      parent_[i] = found->second;
      ++children_[found->second];
    }
  }

  // Final images whose tag another one of the same installation has taken over.
  void remove_replaced(const std::string& installation) {
    std::map<std::string, const EngineImage*> owner;
    for (const auto& image : images_) {
      if (!is_final_of(image, installation)) continue;
      for (const auto& tag : image.tags) owner[tag] = &image;
    }
    for (std::size_t i = 0; i < images_.size(); ++i) {
      const auto& image = images_[i];
      const bool may_go =
          children_[i] == 0 && is_ours_without_tag(i) && is_final_of(image, installation);
      if (!may_go) continue;
      const auto found = owner.find(tag_of(image));
      if (found != owner.end() && tag_of(*found->second) == found->first) take(i);
    }
  }

  void shrink_to(const CacheRules& rules) {
    const auto cache = removable();
    auto count = cache.size();
    std::uint64_t bytes = 0;
    for (const auto i : cache) bytes += own_bytes(i);
    // Least recently used first; of one age, the younger step, which is the further from the base.
    using Turn = std::tuple<std::int64_t, std::int64_t, std::size_t>;
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> leaves;
    const auto offer = [&](std::size_t i) {
      if (children_[i] == 0) leaves.emplace(step(i)->used_s, -images_[i].created_s, i);
    };
    std::vector<bool> may_go(images_.size());
    for (const auto i : cache) {
      may_go[i] = true;
      offer(i);
    }
    while ((bytes > rules.bytes_max || count > rules.steps_max) && !leaves.empty()) {
      const auto i = std::get<2>(leaves.top());
      leaves.pop();
      bytes -= own_bytes(i);
      --count;
      take(i);
      if (parent_[i] != none && may_go[parent_[i]]) offer(parent_[i]);
    }
  }

  std::vector<std::string> removed() && { return std::move(removed_); }

 private:
  static constexpr auto none = static_cast<std::size_t>(-1);

  void take(std::size_t i) {
    removed_.push_back(images_[i].id);
    if (parent_[i] != none) --children_[parent_[i]];
  }
  [[nodiscard]] const StepLedger::Step* step(std::size_t i) const {
    const auto found = ledger_.steps().find(short_id(images_[i].id));
    return found == ledger_.steps().end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::uint64_t own_bytes(std::size_t i) const {
    const auto below = parent_[i] == none ? 0 : images_[parent_[i]].size_bytes;
    return images_[i].size_bytes - std::min(below, images_[i].size_bytes);
  }
  [[nodiscard]] bool is_ours_without_tag(std::size_t i) const {
    const auto* noted = step(i);
    return noted != nullptr && images_[i].tags.empty() && images_[i].created_s >= noted->since_s;
  }
  // A final image that lost its tag may still be a release that is kept.
  [[nodiscard]] bool is_step_of_ours(std::size_t i) const {
    return is_ours_without_tag(i) && !is_final(images_[i]);
  }
  // Steps on which only such steps stand.
  [[nodiscard]] std::vector<std::size_t> removable() const {
    auto left = children_;
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < images_.size(); ++i) {
      // What was taken is no child any more, and no step either.
      if (left[i] == 0 && is_step_of_ours(i)) found.push_back(i);
    }
    for (std::size_t at = 0; at < found.size(); ++at) {
      const auto parent = parent_[found[at]];
      if (parent != none && --left[parent] == 0 && is_step_of_ours(parent)) found.push_back(parent);
    }
    return found;
  }

  const std::vector<EngineImage>& images_;
  const StepLedger& ledger_;
  std::map<std::string_view, std::size_t> index_;
  std::vector<std::size_t> children_;
  std::vector<std::size_t> parent_;
  std::vector<std::string> removed_;
};

}  // namespace

std::vector<EngineImage> parse_images(const json::Value& list) {
  std::vector<EngineImage> images;
  for (const auto& item : list.items()) {
    const auto tags = item["RepoTags"];
    const auto labels = item["Labels"];
    EngineImage image{.id = text_of(item["Id"]), .parent = text_of(item["ParentId"])};
    for (const auto& tag : tags.items()) {
      auto text = text_of(tag);
      if (!text.empty() && text != "<none>:<none>") image.tags.push_back(std::move(text));
    }
    for (const auto& [name, value] : labels.members()) {
      image.labels.emplace(name, text_of(value));
    }
    image.size_bytes = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, item["Size"].as_integer().value_or(0)));
    image.created_s = item["Created"].as_integer().value_or(0);
    images.push_back(std::move(image));
  }
  return images;
}

StepLedger StepLedger::load(const std::filesystem::path& file) {
  StepLedger ledger;
  const auto text = files::read(file).value_or("");
  for (const auto line : split(text, '\n')) {
    const auto [id, times] = cut(line, " ");
    const auto since = parse_number<std::int64_t>(cut(times, " ").first);
    const auto used = parse_number<std::int64_t>(cut(times, " ").second);
    if (id.size() == short_id_digits && since && used) ledger.note(id, {*since, *used});
  }
  return ledger;
}

void StepLedger::note(std::string_view id, Step step) {
  const auto [found, is_new] = steps_.try_emplace(short_id(id), step);
  if (!is_new) found->second.used_s = std::max(found->second.used_s, step.used_s);
}

void StepLedger::touch(std::string_view id, std::int64_t now_s) {
  const auto found = steps_.find(short_id(id));
  if (found != steps_.end()) found->second.used_s = now_s;
}

bool StepLedger::contains(std::string_view id) const { return steps_.contains(short_id(id)); }

void StepLedger::keep_only(const std::vector<EngineImage>& images) {
  std::map<std::string, Step> kept;
  for (const auto& image : images) {
    const auto found = steps_.find(short_id(image.id));
    if (found != steps_.end() && image.created_s >= found->second.since_s) kept.insert(*found);
  }
  steps_ = std::move(kept);
}

Result<> StepLedger::save(const std::filesystem::path& file) const {
  std::string text;
  for (const auto& [id, step] : steps_) text += line_of(id, step);
  return files::write_atomically(file, text, 0600);
}

Result<> StepLedger::append(const std::filesystem::path& file, std::string_view id, Step step) {
  return files::append(file, line_of(short_id(id), step), 0600);
}

std::vector<std::string> images_to_remove(const std::vector<EngineImage>& images,
                                          const StepLedger& ledger, const CacheRules& rules) {
  Forest forest(images, ledger);
  forest.remove_replaced(rules.installation);
  forest.shrink_to(rules);
  return std::move(forest).removed();
}

}  // namespace temps::runtime
