// Any bytes as a Dockerfile: instructions come in order, and lines put into it are found again and
// move nothing else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/dockerfile.hpp"

using namespace temps;

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = runtime::parse_dockerfile(text);
  std::size_t last = 0;
  for (const auto& instruction : read) {
    need(instruction.line > last && !instruction.word.empty());
    last = instruction.line;
  }
  runtime::SentDockerfile sent(text, "Dockerfile");
  const bool has_steps = sent.has_steps();
  sent.insert_before_first_steps({"COPY --from=ours /a /b", "ARG OURS=1"});
  need(has_steps == (sent.inserted_steps() > 0));
  if (!has_steps) need(sent.text() == text);
  const auto again = runtime::parse_dockerfile(sent.text());
  need(again.size() == read.size() + sent.inserted_steps());
  std::size_t of_user = 0;
  for (std::size_t step = 1; step <= again.size(); ++step) {
    if (sent.is_inserted(step)) continue;
    need(again[step - 1].word == read[of_user].word);
    need(sent.place_of_step(step) ==
         "line " + std::to_string(read[of_user].line) + " of Dockerfile: ");
    ++of_user;
  }
  need(of_user == read.size());
  need(!sent.explain("dockerfile parse error line 3: " + text).empty());
  return 0;
}
