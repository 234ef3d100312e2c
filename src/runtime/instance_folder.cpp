#include "runtime/instance_folder.hpp"

#include <fmt/core.h>

#include "core/text.hpp"
#include "files/files.hpp"
#include "json/json.hpp"

namespace temps::runtime {
namespace {

constexpr json::Limits limits{.size_bytes_max = std::size_t{16} << 20U,
                              .missing = json::Missing::default_value};
constexpr std::chrono::seconds default_grace{30};

}  // namespace

bool InstanceFolder::exists() const {
  std::error_code error;
  return std::filesystem::exists(path_ / "spec.json", error);
}

Result<ShimSpec> InstanceFolder::spec() const {
  auto text = files::read(path_ / "spec.json");
  if (!text) return std::unexpected(text.error());
  return json::decode<ShimSpec>(*text, limits);
}

Result<> InstanceFolder::store(const ShimSpec& spec) const {
  return files::write_atomically(path_ / "spec.json", json::encode(spec), 0600);
}

std::optional<ShimState> InstanceFolder::state() const {
  auto text = files::read(path_ / "state.json");
  if (!text) return std::nullopt;
  auto state = json::decode<ShimState>(*text, limits);
  if (!state) return std::nullopt;
  return std::move(*state);
}

Result<> InstanceFolder::store(const ShimState& state) const {
  return files::write_atomically(path_ / "state.json", json::encode(state), 0600);
}

RestartPolicy InstanceFolder::restart_policy() const {
  const auto text = files::read(path_ / "restart");
  return text && trimmed(*text) == "unless_stopped" ? RestartPolicy::unless_stopped
                                                    : RestartPolicy::never;
}

Result<> InstanceFolder::store(RestartPolicy policy) const {
  return files::write_atomically(
      path_ / "restart", policy == RestartPolicy::never ? "never\n" : "unless_stopped\n", 0600);
}

std::chrono::seconds InstanceFolder::grace() const {
  const auto text = files::read(path_ / "grace");
  if (!text) return default_grace;
  return std::chrono::seconds{parse_number<int>(trimmed(*text)).value_or(30)};
}

Result<> InstanceFolder::store(std::chrono::seconds grace) const {
  return files::write_atomically(path_ / "grace", fmt::format("{}\n", grace.count()), 0600);
}

}  // namespace temps::runtime
