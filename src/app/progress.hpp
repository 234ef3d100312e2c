// How far something has come: a line that changes on a terminal, a plain line at the end elsewhere.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace temps::app {

class Progress {
 public:
  Progress(std::string what, std::uint64_t bytes);
  // At least a tenth of a second between two drawings.
  void at(std::uint64_t bytes);
  void done();

 private:
  void draw(std::uint64_t bytes) const;

  std::string what_;
  std::uint64_t bytes_;
  bool is_drawn_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_{};
};

// "[=======>        ] 45 %".
std::string progress_bar(std::uint64_t done, std::uint64_t all, std::size_t width);

}  // namespace temps::app
