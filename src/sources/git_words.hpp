// What git says about a repository elsewhere, in words that tell what to do. Private to the module.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace temps::sources {

// What was asked, for the words.
struct Asked {
  std::string url;
  std::string host;
  std::string project;
  bool is_ssh = false;
  bool has_credential = false;
  std::string known_hosts{};
};

// `said` is what git wrote to its standard error.
Error explain(std::string_view said, const Asked& asked);

// "main, develop and 12 more"
std::string listed(const std::vector<std::string>& branches);

// What of git's progress goes into a log: each step once, when it is done. Takes any bytes.
class ProgressLines {
 public:
  // The lines that are complete now.
  std::vector<std::string> feed(std::string_view bytes);
  // All that was said and was no progress, the last 4 KB of it.
  [[nodiscard]] const std::string& words() const { return words_; }

 private:
  std::string line_;
  std::string words_;
};

}  // namespace temps::sources
