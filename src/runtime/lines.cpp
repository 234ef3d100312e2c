#include "runtime/lines.hpp"

namespace temps::runtime {

std::string_view last_drawn(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  const auto drawn_over = line.rfind('\r');
  return drawn_over == std::string_view::npos ? line : line.substr(drawn_over + 1);
}

void LineSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto room = line_bytes_max - rest_.size();
    if (end != std::string_view::npos && end <= room) {
      rest_ += bytes.substr(0, end);
      emit(rest_);
      rest_.clear();
      bytes.remove_prefix(end + 1);
      continue;
    }
    const auto piece = bytes.substr(0, room);
    rest_ += piece;
    bytes.remove_prefix(piece.size());
    if (rest_.size() == line_bytes_max) {
      emit(rest_);
      rest_.clear();
      if (bytes.starts_with('\n')) bytes.remove_prefix(1);
    }
  }
}

void LineSplitter::finish() {
  if (rest_.empty()) return;
  emit(rest_);
  rest_.clear();
}

void LineSplitter::emit(std::string_view line) { sink_(last_drawn(line)); }

}  // namespace temps::runtime
