#include "app/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "app/commands.hpp"
#include "app/errors.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {

constexpr std::size_t secret_bytes_max = 4096;

// What a signal needs to leave the terminal as it was; no lock may be taken for it.
termios before_silence{};
constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

void end_silence(int number) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_silence);
  // The usual action was put back when this began (SA_RESETHAND).
  ::raise(number);
}

// Switches echo off while it lives, and on again when a signal ends the program.
class Silence {
 public:
  Silence() {
    if (::tcgetattr(STDIN_FILENO, &before_silence) != 0) return;
    struct sigaction action{};
    action.sa_handler = end_silence;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (std::size_t i = 0; i < ending_signals.size(); ++i) {
      ::sigaction(ending_signals[i], &action, &before_.at(i));
    }
    termios silent = before_silence;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    watching_ = true;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_silence);
    if (!watching_) return;
    for (std::size_t i = 0; i < ending_signals.size(); ++i) {
      ::sigaction(ending_signals[i], &before_.at(i), nullptr);
    }
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  std::array<struct sigaction, ending_signals.size()> before_{};
  bool changed_ = false;
  bool watching_ = false;
};

bool quiet = false;

// As it was typed or piped, without the end of the line.
Result<std::string> next_line(std::string_view question) {
  std::string line;
  if (!std::getline(std::cin, line)) {
    return fail(errors::usage, "standard input ended before the answer to \"{}\"", question);
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

void print(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void say(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

void done(Format format, std::string_view line) {
  print(format == Format::json ? fmt::format("{{\"done\":{}}}", json::quote(line))
                               : std::string(line));
}

void note(std::string_view line) {
  if (!quiet) say(line);
}

bool can_move_cursor() {
  const char* kind = std::getenv("TERM");
  return kind != nullptr && std::string_view(kind) != "dumb";
}

void be_quiet() { quiet = true; }
bool is_quiet() { return quiet; }

Result<std::string> ask(std::string_view question) {
  if (is_terminal(STDIN_FILENO)) std::fputs(fmt::format("{}: ", question).c_str(), stderr);
  auto line = next_line(question);
  if (line) line = std::string(trimmed(*line));
  return line;
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

Result<std::string> all_of_stdin(std::size_t bytes_max) {
  std::string text;
  char c = 0;
  while (text.size() <= bytes_max && std::cin.get(c)) text += c;
  if (text.size() <= bytes_max) return text;
  return fail(errors::usage, "standard input holds more than {} bytes", bytes_max);
}

int report(const Error& error) {
  say(fmt::format("temps: {}", error.detail()));
  for (const auto& field : error.fields()) {
    say(fmt::format("  {}: {}", field.pointer, field.detail));
  }
  if (error.is(errors::unhealthy)) return 3;
  if (error.is(errors::still_running)) return 5;
  if (error.is(errors::interrupted)) return 130;
  if (error.is(errors::command_not_started)) return 127;
  if (error.is(errors::connection_lost)) return 255;
  return error.code().kind == ErrorKind::unauthenticated ? 4 : 1;
}

}  // namespace temps::app
