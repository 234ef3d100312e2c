// The app's process as its shim sees it.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>

#include "runtime/instance_folder.hpp"
#include "runtime/lines.hpp"
#include "runtime/output_log.hpp"

namespace temps::runtime {

// One of the app's two output streams.
class ShimStream {
 public:
  ShimStream(OutputLog& log, int fd, bool is_error_stream);
  ~ShimStream();
  ShimStream(const ShimStream&) = delete;
  ShimStream& operator=(const ShimStream&) = delete;
  [[nodiscard]] int fd() const { return fd_; }
  // Takes what is there, a bounded amount. Closes the stream at its end.
  void take();

 private:
  void close();
  int fd_;
  LineSplitter lines_;
};

// A running app. A resource: everything it started is dead when it is destroyed.
class ShimApp {
 public:
  // Nothing when the machine has no process or descriptor left.
  static std::unique_ptr<ShimApp> start(const ShimSpec& spec, OutputLog& log);
  ~ShimApp();
  ShimApp(const ShimApp&) = delete;
  ShimApp& operator=(const ShimApp&) = delete;

  [[nodiscard]] const ProcessMark& mark() const { return mark_; }
  [[nodiscard]] ShimStream& out() { return out_; }
  [[nodiscard]] ShimStream& err() { return err_; }
  void signal(int number) const;
  // Collects dead descendants; the exit code of the app itself once it has ended (128 + signal when
  // it was killed).
  std::optional<int> reap();
  [[nodiscard]] bool ran_out_of_memory(int exit_code) const;
  [[nodiscard]] std::chrono::nanoseconds age() const;

 private:
  ShimApp(const ShimSpec& spec, OutputLog& log, int pid, const int (&outputs)[2]);
  void kill_everything();
  const ShimSpec& spec_;
  ProcessMark mark_;
  ShimStream out_;
  ShimStream err_;
  std::uint64_t memory_kills_before_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

LogLine line_now(bool is_error_stream, std::string_view text);

}  // namespace temps::runtime
