#include "runtime/docker_build_stream.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "runtime/docker_api.hpp"

namespace temps::runtime {
namespace {

constexpr std::string_view red = "\x1b[91m";
constexpr std::string_view plain = "\x1b[0m";

bool is_hex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "Step 3/7 : RUN npm ci" -> "RUN npm ci"
std::string_view instruction_of(std::string_view step) { return cut(step, " : ").second; }

}  // namespace

bool is_engine_chatter(std::string_view line) {
  if (line.starts_with(" ---> ")) {
    const auto rest = line.substr(6);
    return rest.empty() || is_hex(rest) || rest.starts_with("Running in ");
  }
  return line.starts_with("Removing intermediate container ") ||
         line.starts_with("Successfully built ") || line.starts_with("Successfully tagged ") ||
         line.starts_with("[Warning] One or more build-args") ||
         instruction_of(line).starts_with("LABEL temps.");
}

DockerBuildStream::DockerBuildStream(LineSink output, const SentDockerfile* dockerfile,
                                     StepImageSink images)
    : output_(std::move(output)),
      dockerfile_(dockerfile),
      images_(std::move(images)),
      lines_([this](std::string_view line) { take_line(line); }) {}

void DockerBuildStream::take_line(std::string_view line) {
  if (line.starts_with("Step ")) return take_step(line);
  if (line == " ---> Using cache") is_cached_ = true;
  if (line.starts_with(" ---> Running in ")) has_run_ = true;
  if (line.starts_with(" ---> ") && is_hex(line.substr(6))) take_image(line.substr(6));
  if (!line.empty() && !is_engine_chatter(line)) output_(line);
}

// "Step 3/7 : RUN npm ci", in numbers of the user's file.
void DockerBuildStream::take_step(std::string_view line) {
  const auto [numbers, instruction] = cut(line.substr(5), " : ");
  const auto number = parse_number<std::size_t>(cut(numbers, "/").first);
  const auto count = parse_number<std::size_t>(cut(numbers, "/").second);
  // Else it is what a step prints.
  if (!number || !count || *number != step_number_ + 1) return output_(line);
  step_ = line;
  step_number_ = *number;
  is_cached_ = has_run_ = false;
  if (is_engine_chatter(line)) return;
  if (dockerfile_ == nullptr) return output_(line);
  if (dockerfile_->is_inserted(*number)) return;
  // The engine counts the labels, too.
  output_(fmt::format("Step {}/{} : {}", *number - dockerfile_->inserted_before(*number),
                      dockerfile_->steps_of_user(), instruction));
}

// The base image is nobody's step, but its triggers are.
void DockerBuildStream::take_image(std::string_view id) {
  const bool is_base = instruction_of(step_).starts_with("FROM ") && !has_run_;
  if (!images_ || is_base || step_.empty()) return;
  images_(id, is_cached_ ? StepImage::used_again : StepImage::made);
}

Result<> DockerBuildStream::feed(std::string_view bytes) {
  return messages_.feed(bytes, [this](std::string_view text) { return take(text); });
}

Result<> DockerBuildStream::take(std::string_view text) {
  if (text.empty()) return {};
  const auto object =
      json::decode<json::Value>(text, {.size_bytes_max = DockerMessages::bytes_max + 1});
  if (!object) {
    return fail(Error(errors::unavailable, "the container engine sent what is no build message")
                    .because(std::string(object.error().detail())));
  }
  if (const auto words = text_of((*object)["stream"]); !words.empty()) take_text(words);
  if (auto id = text_of((*object)["aux"]["ID"]); !id.empty()) image_ = std::move(id);
  if ((*object)["status"].is_string()) take_pull(*object);
  if (auto words = text_of((*object)["error"]); !words.empty()) {
    error_ = std::move(words);
    error_code_ = (*object)["errorDetail"]["code"].as_integer().value_or(0);
  }
  return {};
}

// What a step writes to its standard error comes in red.
void DockerBuildStream::take_text(std::string_view text) {
  if (text.starts_with(red)) text.remove_prefix(red.size());
  if (text.ends_with(plain)) text.remove_suffix(plain.size());
  lines_.feed(text);
}

void DockerBuildStream::take_pull(const json::Value& object) {
  const auto status = text_of(object["status"]);
  const auto id = text_of(object["id"]);
  // Progress of each layer would be thousands of lines.
  if (!id.empty() && status != "Pull complete") return;
  output_(id.empty() ? status : fmt::format("{}: {}", id, status));
}

Result<std::string> DockerBuildStream::finish() {
  if (auto taken = messages_.finish([this](std::string_view text) { return take(text); }); !taken) {
    return std::unexpected(taken.error());
  }
  lines_.finish();
  if (!error_.empty()) return std::unexpected(failure());
  if (image_.empty()) {
    return fail(errors::unavailable,
                "the container engine stopped in the middle of the build; start it with "
                "`systemctl start docker`, then deploy again");
  }
  return image_;
}

Error DockerBuildStream::failure() const {
  const auto instruction = std::string(instruction_of(step_));
  const auto place = dockerfile_ == nullptr ? "" : dockerfile_->place_of_step(step_number_);
  if (instruction.starts_with("FROM ")) {
    auto rest = trimmed(std::string_view(instruction).substr(5));
    while (rest.starts_with("--")) rest = trimmed(cut(rest, " ").second);
    const auto image = std::string(cut(rest, " ").first);
    return {errors::base_image_missing,
            fmt::format("{}the base image {} is not on this machine and could not be fetched ({}); "
                        "make local ones with `temps base-images build`, or name others in the "
                        "settings",
                        place, image, error_)};
  }
  if (error_code_ == 137) {
    return {errors::build_failed,
            fmt::format("{}\"{}\" ran out of memory, or was killed (exit code 137); raise the "
                        "build's memory limit if it needs more",
                        place, instruction)};
  }
  if (error_code_ != 0) {
    return {errors::build_failed, fmt::format("{}\"{}\" ended with exit code {}; its output above "
                                              "says why",
                                              place, instruction, error_code_)};
  }
  return {errors::build_failed,
          instruction.empty() ? error_ : fmt::format("{}\"{}\": {}", place, instruction, error_)};
}

}  // namespace temps::runtime
