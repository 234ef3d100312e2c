// Base images made from Debian's own packages, for machines that reach a package mirror but no
// image registry: `temps base-images build`.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"

namespace temps::baseimages {

enum class Which : std::uint8_t { debian, node, python, all };
// "debian", "node", "python" or "all".
std::optional<Which> parse_which(std::string_view word);

struct Options {
  Which which = Which::all;
  // Where packages come from; empty: where this machine has them from.
  std::string mirror{};
  std::string engine_socket{runtime::default_docker_socket};
  // Needs 2 GB for a while.
  std::filesystem::path work_folder = std::filesystem::temp_directory_path();
};

// Makes temps-base/debian:12, temps-base/node:18 and temps-base/python:3.11, or one of them, and
// gives them to the engine. Takes minutes; `output` gets every step. Fails with
// `baseimages.needs_root`, `baseimages.no_debootstrap`, `baseimages.failed`, `runtime.unavailable`,
// `runtime.import_failed`. Cancelling leaves nothing behind.
Task<> build(net::Loop& loop, Options options, runtime::LineSink output);

}  // namespace temps::baseimages
