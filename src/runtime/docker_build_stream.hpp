// What the engine says while it builds: one JSON object a line.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "json/json.hpp"
#include "runtime/docker_messages.hpp"
#include "runtime/dockerfile.hpp"
#include "runtime/lines.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

enum class StepImage : std::uint8_t { made, used_again };
// Gets the short id of each step's image. What a step prints can look like one, too.
using StepImageSink = std::function<void(std::string_view id, StepImage origin)>;

class DockerBuildStream {
 public:
  // `output` gets what a person wants to read of it. `dockerfile` is what is built.
  explicit DockerBuildStream(LineSink output, const SentDockerfile* dockerfile = nullptr,
                             StepImageSink images = {});

  // Fails with `runtime.unavailable` when the engine does not hold to the form.
  Result<> feed(std::string_view bytes);
  // To be called at the stream's end: the image's id ("sha256:…"). Fails with
  // `runtime.build_failed`, `runtime.base_image_missing`, or with `runtime.unavailable` when the
  // stream ended before the build did.
  Result<std::string> finish();

 private:
  Result<> take(std::string_view object);
  void take_text(std::string_view text);
  void take_line(std::string_view line);
  void take_step(std::string_view line);
  void take_image(std::string_view id);
  void take_pull(const json::Value& object);
  [[nodiscard]] Error failure() const;
  LineSink output_;
  const SentDockerfile* dockerfile_;
  StepImageSink images_;
  LineSplitter lines_;
  DockerMessages messages_{"build message"};
  std::string step_;
  std::size_t step_number_ = 0;
  bool is_cached_ = false;  // the step
  bool has_run_ = false;    // the step, in a container
  std::string image_;
  std::string error_;
  std::int64_t error_code_ = 0;
};

// Lines of the engine about itself that tell a user nothing.
bool is_engine_chatter(std::string_view line);

}  // namespace temps::runtime
