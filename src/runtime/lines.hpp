// Cuts a stream of bytes into lines of bounded length.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace temps::runtime {

class LineSplitter {
 public:
  // A longer line is handed on in pieces of this length, so that no output can fill our memory.
  static constexpr std::size_t line_bytes_max = std::size_t{16} * 1024;

  explicit LineSplitter(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}

  void feed(std::string_view bytes);
  // Hands on what came after the last newline.
  void finish();

 private:
  void emit(std::string_view line);
  std::function<void(std::string_view)> sink_;
  std::string rest_;
};

// What a terminal would show of a line that was drawn over with carriage returns: its last state.
std::string_view last_drawn(std::string_view line);

}  // namespace temps::runtime
