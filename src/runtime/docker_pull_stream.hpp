// What the engine tells while it pulls an image, as lines for people. Private to the module.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "json/json.hpp"
#include "runtime/docker_messages.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

class DockerPullStream {
 public:
  static constexpr std::size_t object_bytes_max = DockerMessages::bytes_max;

  explicit DockerPullStream(LineSink output) : output_(std::move(output)) {}

  // Fails with `runtime.unavailable` when the engine does not hold to the form.
  Result<> feed(std::string_view bytes);
  // At the stream's end: the engine's own words where it has failed, else nothing.
  Result<std::string> finish();
  // "sha256:…", where the registry has said it.
  [[nodiscard]] const std::string& digest() const { return digest_; }

 private:
  struct Layer {
    std::int64_t done = 0;
    std::int64_t total = 0;
  };
  Result<> take(std::string_view object);
  void take_status(std::string_view status, const std::string& id, const json::Value& object);
  void show_progress();

  LineSink output_;
  DockerMessages messages_{"message"};
  std::map<std::string, Layer> layers_;
  std::int64_t shown_quarter_ = 0;
  std::string digest_;
  std::string error_;
  bool is_complete_ = false;
};

}  // namespace temps::runtime
