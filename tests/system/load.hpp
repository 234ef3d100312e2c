// Requests that are always in flight, to count what fails while something happens.
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::e2e {

class Load {
 public:
  struct Options {
    std::uint16_t port = 0;
    std::string host;
    std::string target = "/slow";
    int in_flight = 50;
    std::string expected{};  // what each body begins with
  };
  struct Tally {
    std::uint64_t answered = 0;
    std::vector<std::string> failures;  // the first hundred
    std::set<std::string> bodies;
  };

  explicit Load(Options options);
  ~Load() { stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Lets what is in flight end, and counts.
  Tally stop();

 private:
  void work();
  Task<> visitor(net::Loop& loop, int number);
  Task<> visit(net::Loop& loop, bool keeps);
  void note(std::string failure);

  Options options_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  Tally tally_;
  std::thread thread_;
};

}  // namespace temps::e2e
