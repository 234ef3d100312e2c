// A terminal that a program of a test sits at.
#pragma once
#include <string>
#include <string_view>

#include "net/loop.hpp"
#include "system/program.hpp"

namespace temps::e2e {

class Terminal {
 public:
  explicit Terminal(net::Loop& loop);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // The words that run `command` with this terminal as its standard streams and controlling one.
  [[nodiscard]] Words attached(Words command) const;
  void type(std::string_view text);
  void resize(unsigned short columns, unsigned short rows);
  // Whether `text` has been shown in time.
  bool shows(std::string_view text, std::chrono::seconds limit = 30s);
  [[nodiscard]] bool echoes() const;
  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  void read();
  net::Loop& loop_;
  int master_;
  int slave_ = -1;  // kept open, so that the terminal outlives its programs
  std::string name_;
  std::string shown_;
};

}  // namespace temps::e2e
