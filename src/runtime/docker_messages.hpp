// What the engine tells while it works: one JSON object a line, in pieces of any size. Private to
// the module.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

class DockerMessages {
 public:
  static constexpr std::size_t bytes_max = std::size_t{1} << 20U;

  // `kind` is what errors call one, such as "build message".
  explicit DockerMessages(std::string_view kind) : kind_(kind) {}

  // Gives each whole line to `take`, a Result<>(std::string_view), and ends with its first error.
  // Fails with `runtime.unavailable` when one is longer than `bytes_max`.
  template <class Take>
  Result<> feed(std::string_view bytes, Take take) {
    waiting_ += bytes;
    std::string_view left = waiting_;
    for (auto end = left.find('\n'); end != std::string_view::npos; end = left.find('\n')) {
      if (auto taken = take(trimmed(left.substr(0, end))); !taken) return taken;
      left.remove_prefix(end + 1);
    }
    waiting_ = std::string(left);
    if (waiting_.size() <= bytes_max) return {};
    return fail(errors::unavailable, "the container engine sent a {} of more than {}", kind_,
                human_bytes(bytes_max));
  }

  // What stands after the last line end.
  template <class Take>
  Result<> finish(Take take) {
    if (waiting_.empty()) return {};
    const auto last = std::exchange(waiting_, {});
    return take(trimmed(last));
  }

 private:
  std::string_view kind_;
  std::string waiting_;
};

}  // namespace temps::runtime
