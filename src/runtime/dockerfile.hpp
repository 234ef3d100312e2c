// Reads a Dockerfile as far as a build has to: where each instruction begins. The engine is the one
// that understands it; what no engine would build may be read in any way.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace temps::runtime {

struct Instruction {
  std::size_t line;  // of the text, from 1
  std::string word;  // "RUN", in capitals
  // Has "<<EOF": a here-document, which the classic builder does not know.
  bool has_heredoc = false;
};

// More than this is no Dockerfile that a person wrote.
inline constexpr std::size_t dockerfile_bytes_max = std::size_t{1} << 20U;

std::vector<Instruction> parse_dockerfile(std::string_view text);

// Does an ARG of the text declare this name?
bool declares_argument(std::string_view text, std::string_view name);

// A Dockerfile on its way to the engine: perhaps with lines of ours in it, of which the user must
// not hear.
class SentDockerfile {
 public:
  // `name` is what the user knows it by; empty for one that Temps wrote, whose lines mean nothing
  // to the user.
  SentDockerfile(std::string text, std::string name);

  [[nodiscard]] const std::string& text() const { return text_; }
  // Is there a stage with a RUN?
  [[nodiscard]] bool has_steps() const;
  // Inserts the lines before the first RUN of each stage that has one.
  void insert_before_first_steps(const std::vector<std::string>& lines);

  // The engine counts the instructions of the text that it got.
  [[nodiscard]] bool is_inserted(std::size_t step) const;
  [[nodiscard]] std::size_t inserted_before(std::size_t step) const;
  [[nodiscard]] std::size_t inserted_steps() const;
  [[nodiscard]] std::size_t steps_of_user() const {
    return instructions_.size() - inserted_steps();
  }
  // "line 7 of Dockerfile: ", or nothing.
  [[nodiscard]] std::string place_of_step(std::size_t step) const;
  // The engine's refusal of the text in words of the user's file: "dockerfile parse error line 9:
  // unknown instruction: FLY" -> "line 7 of Dockerfile: unknown instruction: FLY".
  [[nodiscard]] std::string explain(std::string_view refusal) const;

 private:
  [[nodiscard]] std::vector<std::size_t> first_steps() const;
  [[nodiscard]] std::string place(std::size_t sent_line) const;
  std::string text_;
  std::string name_;
  std::vector<Instruction> instructions_;
  std::vector<std::size_t> inserted_;  // lines of the text, ascending
};

}  // namespace temps::runtime
