// The rules of .gitignore files: which files of a folder are not sent.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/glob.hpp"

namespace temps::bundle {

// One file of rules. Paths are given from the root of the work tree, as "src/app.js".
class IgnoreFile {
 public:
  // Rules beyond this number are left out.
  static constexpr std::size_t rules_max = 10'000;

  // `base` is the folder that the file lies in, with a '/' at its end; empty for the root.
  IgnoreFile(std::string_view text, std::string base);

  enum class Verdict : std::uint8_t { ignored, kept };
  // By the last rule that fits; nothing when none does. A link is no folder. What a folder's
  // verdict means for its content is up to the caller: git looks no further into ignored ones.
  [[nodiscard]] std::optional<Verdict> verdict(std::string_view path, bool is_folder) const;
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    Glob glob;
    bool keeps;         // began with '!'
    bool folders_only;  // ended with '/'
    bool any_folder;    // has no '/': fits the last name, wherever it is
  };
  void add(std::string_view line);

  std::string base_;
  std::vector<Rule> rules_;
};

}  // namespace temps::bundle
