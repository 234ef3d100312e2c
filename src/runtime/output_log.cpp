#include "runtime/output_log.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <system_error>

#include "core/text.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

constexpr const char* current_name = "output.log";
constexpr const char* previous_name = "output.log.1";
constexpr std::size_t piece_bytes = std::size_t{256} * 1024;

std::optional<ino_t> inode_of(const fs::path& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_ino;
}

int open_for_reading(const fs::path& path) { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }

}  // namespace

std::string format_output_line(const LogLine& line) {
  return fmt::format("{} {} {}\n", line.time.time_since_epoch().count(),
                     line.is_error_stream ? 'e' : 'o', line.text);
}

std::optional<LogLine> parse_output_line(std::string_view text) {
  const auto [time_text, rest] = cut(text, " ");
  const auto micros = parse_number<std::int64_t>(time_text);
  if (!micros || rest.size() < 2 || rest[1] != ' ' || (rest[0] != 'o' && rest[0] != 'e')) {
    return std::nullopt;
  }
  return LogLine{.time = Instant{std::chrono::microseconds{*micros}},
                 .is_error_stream = rest[0] == 'e',
                 .text = to_utf8(rest.substr(2))};
}

OutputLog::OutputLog(fs::path folder, std::size_t file_bytes)
    : folder_(std::move(folder)), file_bytes_(file_bytes) {
  open();
}

OutputLog::~OutputLog() {
  flush();
  if (fd_ >= 0) ::close(fd_);
}

void OutputLog::open() {
  const auto path = folder_ / current_name;
  fd_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  struct stat status{};
  size_ = fd_ >= 0 && fstat(fd_, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

void OutputLog::write(const LogLine& line) {
  waiting_ += format_output_line(line);
  if (waiting_.size() >= piece_bytes) flush();
}

void OutputLog::flush() {
  if (waiting_.empty()) return;
  if (size_ > 0 && size_ + waiting_.size() > file_bytes_) {
    if (fd_ >= 0) ::close(fd_);
    std::error_code error;
    fs::rename(folder_ / current_name, folder_ / previous_name, error);
    open();
  }
  std::string_view left = waiting_;
  while (fd_ >= 0 && !left.empty()) {
    const auto written = ::write(fd_, left.data(), left.size());
    if (written <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  size_ += waiting_.size() - left.size();
  waiting_.clear();
}

OutputReader::~OutputReader() {
  if (fd_ >= 0) ::close(fd_);
}

std::vector<LogLine> OutputReader::read() {
  std::vector<LogLine> lines;
  if (fd_ < 0 && !open_next()) return lines;
  while (!read_piece(lines)) {
    if (!open_next()) break;
  }
  return lines;
}

// False at the end of the file.
bool OutputReader::read_piece(std::vector<LogLine>& lines) {
  std::string piece(piece_bytes, '\0');
  const auto count = ::read(fd_, piece.data(), piece.size());
  if (count <= 0) return false;
  rest_.append(piece, 0, static_cast<std::size_t>(count));
  std::string_view text = rest_;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    if (auto line = parse_output_line(text.substr(0, end))) lines.push_back(std::move(*line));
    text.remove_prefix(end + 1);
  }
  rest_ = std::string(text);
  return true;
}

// Called at the end of a file: goes on to the one written after it, if it has been replaced.
bool OutputReader::open_next() {
  const auto current = inode_of(folder_ / current_name);
  const auto previous = inode_of(folder_ / previous_name);
  if (fd_ < 0) {
    fd_ = open_for_reading(folder_ / (previous ? previous_name : current_name));
    return fd_ >= 0;
  }
  struct stat ours{};
  if (fstat(fd_, &ours) != 0 || !current || ours.st_ino == *current) return false;
  // Lines may have come between the end that we saw and the replacement.
  std::array<char, 1> more{};
  if (::pread(fd_, more.data(), 1, ::lseek(fd_, 0, SEEK_CUR)) == 1) return true;
  const bool is_next = !previous || ours.st_ino == *previous;
  const int next = open_for_reading(folder_ / (is_next ? current_name : previous_name));
  if (next < 0) return false;
  ::close(fd_);
  fd_ = next;
  rest_.clear();
  return true;
}

}  // namespace temps::runtime
