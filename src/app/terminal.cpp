#include "app/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/errors.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

constexpr std::size_t secret_bytes_max = 4096;

// Switches echo off while it lives.
class Silence {
 public:
  Silence() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

Result<std::string> next_line(std::string_view question) {
  std::string line;
  if (!std::getline(std::cin, line)) {
    return fail(errors::usage, "standard input ended before the answer to \"{}\"", question);
  }
  return std::string(trimmed(line));
}

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

void print(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void note(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

Result<std::string> ask(std::string_view question) {
  if (is_terminal(STDIN_FILENO)) std::fputs(fmt::format("{}: ", question).c_str(), stderr);
  return next_line(question);
}

Result<Secret> ask_secret(std::string_view question) {
  Result<std::string> line;
  if (is_terminal(STDIN_FILENO)) {
    std::fputs(fmt::format("{}: ", question).c_str(), stderr);
    const Silence silence;
    line = next_line(question);
    std::fputc('\n', stderr);
  } else {
    line = next_line(question);
  }
  if (!line) return fail(line.error());
  return Secret(std::move(*line));
}

Result<Secret> secret_from_stdin() {
  std::string text;
  char c = 0;
  while (std::cin.get(c) && text.size() <= secret_bytes_max) text += c;
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.empty() || text.size() > secret_bytes_max) {
    return fail(errors::usage,
                "standard input holds no usable secret; pipe it in: echo SECRET | temps …");
  }
  return Secret(std::move(text));
}

int report(const Error& error) {
  note(fmt::format("temps: {}", error.detail()));
  for (const auto& field : error.fields())
    note(fmt::format("  {}: {}", field.pointer, field.detail));
  if (error.is(errors::unhealthy)) return 3;
  return error.code().kind == ErrorKind::unauthenticated ? 4 : 1;
}

}  // namespace temps::app
