// What an instance of the process runtime wrote: kept in its folder as "micros o|e text" lines, in
// two files of bounded size.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/runtime.hpp"

namespace temps::runtime {

std::string format_output_line(const LogLine& line);
std::optional<LogLine> parse_output_line(std::string_view text);

// The shim's side. Output that cannot be stored is dropped: a full disk must not stop the app.
class OutputLog {
 public:
  static constexpr std::size_t file_bytes_max = std::size_t{8} << 20U;

  explicit OutputLog(std::filesystem::path folder, std::size_t file_bytes = file_bytes_max);
  ~OutputLog();
  OutputLog(const OutputLog&) = delete;
  OutputLog& operator=(const OutputLog&) = delete;

  void write(const LogLine& line);
  void flush();

 private:
  void open();
  std::filesystem::path folder_;
  std::size_t file_bytes_;
  std::size_t size_ = 0;
  std::string waiting_;
  int fd_ = -1;
};

// Reads the files in the order they were written, across their replacement.
class OutputReader {
 public:
  explicit OutputReader(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~OutputReader();
  OutputReader(const OutputReader&) = delete;
  OutputReader& operator=(const OutputReader&) = delete;

  // The next lines, a bounded number; none when all that is there was read.
  std::vector<LogLine> read();

 private:
  bool open_next();
  bool read_piece(std::vector<LogLine>& lines);
  std::filesystem::path folder_;
  int fd_ = -1;
  std::string rest_;
};

}  // namespace temps::runtime
