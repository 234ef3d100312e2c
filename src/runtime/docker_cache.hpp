// The build cache of the classic builder: each step of a build is an image, used again by the next
// build. Which of them are ours, and which go when they are too many.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "json/json.hpp"

namespace temps::runtime {

// An image as /images/json?all=1 lists it.
struct EngineImage {
  std::string id;  // "sha256:…"
  std::string parent{};
  std::vector<std::string> tags{};
  std::map<std::string, std::string> labels{};
  std::uint64_t size_bytes = 0;  // with all that it stands on
  std::int64_t created_s = 0;
};
std::vector<EngineImage> parse_images(const json::Value& list);

// What our builds left, in a file: the engine itself does not say who has made an image, and
// not when it was last of use.
class StepLedger {
 public:
  struct Step {
    std::int64_t since_s = 0;  // when its build began; an older image is another's
    std::int64_t used_s = 0;
  };

  // A file that cannot be read is an empty ledger: what it held stays in the engine.
  static StepLedger load(const std::filesystem::path& file);

  // `id` is a whole one or its first 12 digits, with or without "sha256:". What is known stays
  // as old as it is.
  void note(std::string_view id, Step step);
  // Only what is in here already.
  void touch(std::string_view id, std::int64_t now_s);
  [[nodiscard]] bool contains(std::string_view id) const;
  [[nodiscard]] const std::map<std::string, Step>& steps() const { return steps_; }
  // Forgets what is not, or not any more, an image of ours.
  void keep_only(const std::vector<EngineImage>& images);
  [[nodiscard]] Result<> save(const std::filesystem::path& file) const;
  // Adds one line, so that a build that is cut off leaves nothing unknown.
  static Result<> append(const std::filesystem::path& file, std::string_view id, Step step);

 private:
  std::map<std::string, Step> steps_;  // by the first digits of the id
};

struct CacheRules {
  std::string installation;
  std::uint64_t bytes_max = 0;
  // Most steps take no space, but the engine becomes slow with very many images.
  std::size_t steps_max = 2'000;
};

// Images that may go, in the order in which the engine can remove them: final images of ours that a
// later build of the same deployment replaced, then steps that nothing else stands on, those first
// that were not used for the longest time, until the rest is within the limits. Nothing that has a
// tag, nothing that such an image stands on, and nothing that is not ours.
std::vector<std::string> images_to_remove(const std::vector<EngineImage>& images,
                                          const StepLedger& ledger, const CacheRules& rules);

}  // namespace temps::runtime
