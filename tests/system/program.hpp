// Programs as a user runs them: to their end, or in the background.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/loop.hpp"
#include "process/process.hpp"

namespace temps::e2e {

using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
  [[nodiscard]] std::string all() const { return out + err; }
  [[nodiscard]] bool is_success() const { return code == 0; }
  [[nodiscard]] bool says(std::string_view text) const {
    return out.find(text) != std::string::npos || err.find(text) != std::string::npos;
  }
};

struct Call {
  Words command;
  Variables environment;
  std::string folder = "/";
  std::string input{};
  std::chrono::seconds limit{120};
};

// Runs a program to its end. One that takes longer than its limit is killed; its code is -1 then.
Outcome run(net::Loop& loop, Call call);

// A program that goes on while the test does something else; both its outputs go to files. It is
// killed with the object.
class Background {
 public:
  struct Files {
    std::filesystem::path out;
    std::filesystem::path err;
  };
  Background(net::Loop& loop, Call call, Files files);

  [[nodiscard]] int pid() const { return child_->pid(); }
  [[nodiscard]] bool has_exited() const { return child_->has_exited(); }
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;
  // Whether `text` appears in either output in time. Ends early when the program has ended.
  bool says(std::string_view text, std::chrono::seconds limit = 60s);
  void signal(int number);
  // Its exit code, or -1 when it does not end in time.
  int wait(std::chrono::seconds limit = 60s);

 private:
  net::Loop& loop_;
  Files files_;
  std::optional<process::Child> child_;
};

// Asks again and again; false when it was not true in time.
bool eventually(net::Loop& loop, const std::function<bool()>& is_true,
                std::chrono::seconds limit = 30s);

// The content, or nothing where there is no such file.
std::string content(const std::filesystem::path& file);

}  // namespace temps::e2e
