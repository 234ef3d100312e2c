// The three streams that this program was started with, while they belong to a command elsewhere.
#pragma once
#include <termios.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"

namespace temps::app {

// Reads and writes on threads, because the streams may be files, and because what we set on a
// descriptor would be set for the shell as well.
class StandardStreams {
 public:
  explicit StandardStreams(net::Loop& loop);
  ~StandardStreams();
  StandardStreams(const StandardStreams&) = delete;
  StandardStreams& operator=(const StandardStreams&) = delete;

  // What has come, at most so much; nothing at the end, or after stop().
  Task<std::string> read(std::size_t bytes_max);
  // False when nobody reads there any more, or after stop().
  Task<bool> write(int descriptor, std::string bytes);
  // Whoever waits here does so no more. A waiting thread hears of nothing else.
  void stop();

 private:
  net::Loop& loop_;
  int wake_;
};

// Stops the streams at its end.
class StreamsInUse {
 public:
  explicit StreamsInUse(StandardStreams& streams) : streams_(streams) {}
  ~StreamsInUse() { streams_.stop(); }
  StreamsInUse(const StreamsInUse&) = delete;
  StreamsInUse& operator=(const StreamsInUse&) = delete;

 private:
  StandardStreams& streams_;
};

// Our terminal passes every key on and changes nothing, until this goes.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  std::optional<termios> before_;
};

// Of the terminal on standard output.
runtime::TerminalSize terminal_size();

}  // namespace temps::app
