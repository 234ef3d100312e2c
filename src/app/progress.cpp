#include "app/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {
constexpr std::size_t bar_width = 30;
constexpr std::string_view clear_line = "\r\x1b[K";
}  // namespace

std::string progress_bar(std::uint64_t done, std::uint64_t all, std::size_t width) {
  done = std::min(done, all);
  const auto share = all == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(all);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
  auto bar = std::string(filled, '=');
  if (filled < width) bar += '>';
  bar.resize(width, ' ');
  return fmt::format("[{}] {:.0f} %", bar, share * 100);
}

Progress::Progress(std::string what, std::uint64_t bytes)
    : what_(std::move(what)),
      bytes_(bytes),
      is_drawn_(is_terminal(STDERR_FILENO) && can_move_cursor() && !is_quiet()) {}

void Progress::draw(std::uint64_t bytes) const {
  const auto line = fmt::format("{}{} {} of {}", clear_line, what_,
                                progress_bar(bytes, bytes_, bar_width), human_bytes(bytes_));
  std::fputs(line.c_str(), stderr);
}

void Progress::at(std::uint64_t bytes) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_drawn_ || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  draw(bytes);
}

void Progress::done() {
  if (is_drawn_) std::fputs(std::string(clear_line).c_str(), stderr);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begun_;
  note(fmt::format("{} {} in {:.1f} s", what_, human_bytes(bytes_), time.count()));
}

}  // namespace temps::app
