// Any files as a source tree ("path NUL text NUL …"): detection ends, and nothing that the files
// say becomes an instruction of the Dockerfile.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "detect/detect.hpp"

using namespace temps;

namespace {

void check_instructions(std::string_view dockerfile) {
  constexpr std::array<std::string_view, 11> known{"#",       " ",    "FROM ", "WORKDIR ",
                                                   "ENV ",    "RUN ", "COPY ", "USER app",
                                                   "EXPOSE ", "CMD ", "ARG "};
  for (const auto line : split(dockerfile, '\n')) {
    const bool fine = line.empty() || std::ranges::any_of(known, [line](std::string_view word) {
                        return line.starts_with(word);
                      });
    if (!fine || line.contains('\r')) std::abort();
  }
}

void check_folder(const std::string& folder) {
  const auto parts = split(folder, '/');
  if (folder.starts_with('/') || std::ranges::find(parts, "..") != parts.end()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto parts = split(input, '\0');
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    files.emplace(parts[i], parts[i + 1]);
  }
  const auto plan = detect::detect(detect::Tree::of(std::move(files)));
  if (!plan) {
    if (plan.error().detail().empty()) std::abort();
    return 0;
  }
  if (plan->static_output) check_folder(plan->static_output->directory);
  for (const auto& step : detect::process_steps(*plan)) {
    if (step.command.contains('\0')) std::abort();
  }
  if (detect::describe(*plan).empty()) std::abort();
  if (plan->provider == "node" || plan->provider == "python") {
    check_instructions(detect::write_dockerfile(*plan, {}));
  }
  return 0;
}
