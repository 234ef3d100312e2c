// Debian's knot as a name server of a test: keeps one zone, takes signed updates of it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/task.hpp"
#include "files/files.hpp"
#include "net/loop.hpp"
#include "process/process.hpp"

namespace temps::testbed {

class Knot {
 public:
  static constexpr auto key_name = "temps";
  static constexpr auto key = "c2VjcmV0IG9mIHRoZSB0ZXN0J3MgbmFtZSBzZXJ2ZXI=";

  // Ends when it answers. Fails with `process.not_found` where it is not installed.
  static Task<Knot> start(net::Loop& loop, std::string zone);

  // "127.0.0.1:34567"
  [[nodiscard]] std::string address() const;
  Task<> stop();

 private:
  Knot(net::Loop& loop, std::uint16_t port) : loop_(&loop), port_(port) {}
  Task<> launch(std::string zone);
  Task<> until_it_answers();

  net::Loop* loop_;
  std::uint16_t port_;
  std::unique_ptr<files::TemporaryFolder> folder_ = std::make_unique<files::TemporaryFolder>();
  std::optional<process::Child> child_;
};

}  // namespace temps::testbed
