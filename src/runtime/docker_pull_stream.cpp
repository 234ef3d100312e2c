#include "runtime/docker_pull_stream.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "runtime/docker_api.hpp"

namespace temps::runtime {
namespace {

// Some images have hundreds.
constexpr std::size_t layers_max = 4096;

}  // namespace

Result<> DockerPullStream::feed(std::string_view bytes) {
  return messages_.feed(bytes, [this](std::string_view text) { return take(text); });
}

Result<> DockerPullStream::take(std::string_view text) {
  if (text.empty()) return {};
  const auto object =
      json::decode<json::Value>(text, {.size_bytes_max = DockerMessages::bytes_max + 1});
  if (!object) return fail(errors::unavailable, "the container engine sent what is no message");
  if (auto words = text_of((*object)["error"]); !words.empty()) error_ = std::move(words);
  const auto status = text_of((*object)["status"]);
  if (!status.empty()) take_status(status, text_of((*object)["id"]), *object);
  return {};
}

// A line for each layer's every step would be thousands.
void DockerPullStream::take_status(std::string_view status, const std::string& id,
                                   const json::Value& object) {
  if (status.starts_with("Digest: ")) {
    digest_ = status.substr(8);
  } else if (status.starts_with("Status: ")) {
    is_complete_ = true;
    output_(status.substr(8));
  } else if (status.starts_with("Pulling from ")) {
    output_(status);
  } else if (status == "Downloading" && layers_.size() < layers_max) {
    const auto progress = object["progressDetail"];
    layers_[id] = {.done = progress["current"].as_integer().value_or(0),
                   .total = progress["total"].as_integer().value_or(0)};
    show_progress();
  } else if (status == "Pull complete") {
    output_(fmt::format("{}: {}", id, status));
  }
}

// At each quarter of what is known so far.
void DockerPullStream::show_progress() {
  constexpr std::int64_t worth_showing = 1 << 20;
  std::int64_t done = 0;
  std::int64_t total = 0;
  for (const auto& [id, layer] : layers_) {
    done += std::max<std::int64_t>(layer.done, 0);
    total += std::max<std::int64_t>(layer.total, 0);
  }
  if (total < worth_showing || done > total) return;
  const auto quarter =
      static_cast<std::int64_t>(4.0 * static_cast<double>(done) / static_cast<double>(total));
  if (quarter <= shown_quarter_) return;
  shown_quarter_ = quarter;
  output_(fmt::format("downloaded {} of {}", human_bytes(static_cast<std::uint64_t>(done)),
                      human_bytes(static_cast<std::uint64_t>(total))));
}

Result<std::string> DockerPullStream::finish() {
  if (auto taken = messages_.finish([this](std::string_view text) { return take(text); }); !taken) {
    return std::unexpected(taken.error());
  }
  if (error_.empty() && !is_complete_) {
    return fail(errors::unavailable,
                "the container engine stopped while it pulled the image; start it with `systemctl "
                "start docker`, then deploy again");
  }
  return error_;
}

}  // namespace temps::runtime
