#include "deploys/views.hpp"

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "projects/errors.hpp"

namespace temps::deploys {

namespace {
std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

template <class T>
void take(T& setting, const std::optional<T>& wanted) {
  if (wanted) setting = *wanted;
}
// Those named change; an empty value takes one away.
void take_named(std::map<std::string, std::string>& into,
                const std::optional<std::map<std::string, std::string>>& change) {
  if (!change) return;
  for (const auto& [name, value] : *change) {
    if (value.empty()) {
      into.erase(name);
    } else {
      into[name] = value;
    }
  }
}

std::optional<double> share_of(const Deployment& deployment, const std::vector<SplitPart>& split) {
  std::vector<std::int32_t> all;
  std::optional<std::int32_t> own;
  for (const auto& part : split) {
    all.push_back(part.weight);
    if (part.deployment == deployment.id) own = part.weight;
  }
  return own ? std::optional(share_in_percent(*own, all)) : std::nullopt;
}

}  // namespace

DeploymentView view(const Deployment& deployment, std::optional<DeploymentId> live,
                    const std::vector<SplitPart>& split) {
  return {
      .number = deployment.number,
      .status = deployment.status,
      .trigger = deployment.trigger,
      .source = deployment.source_kind,
      .commit = deployment.commit,
      .message = deployment.message,
      .branch = deployment.branch,
      .live = live == deployment.id,
      .share = share_of(deployment, split),
      .origin = deployment.origin,
      .variables = deployment.variables == 0 ? std::nullopt : std::optional(deployment.variables),
      .provider = deployment.release ? unless_empty(deployment.release->provider) : std::nullopt,
      .image = unless_empty(deployment.image),
      .digest = deployment.release ? deployment.release->digest : std::nullopt,
      .error_code = unless_empty(deployment.error_code),
      .error = unless_empty(deployment.error_detail),
      .cancelled_by = unless_empty(deployment.cancelled_by),
      .created_at = deployment.created_at,
      .finished_at = deployment.finished_at};
}

SplitAttemptView view(const SplitAttempt& attempt) {
  SplitAttemptView shown{.releases = attempt.wishes, .status = jobs::Status::waiting};
  if (!attempt.record) return shown;
  shown.status = attempt.record->status;
  // What a job has said on its way is no error of it once it has succeeded.
  if (shown.status == jobs::Status::succeeded) return shown;
  shown.error_code = attempt.record->error_code;
  shown.error = attempt.record->error_detail;
  return shown;
}

projects::Settings changed(projects::Settings settings, const SettingsChange& change) {
  take(settings.branch, change.branch);
  take(settings.root_directory, change.root_directory);
  take(settings.dockerfile, change.dockerfile);
  take(settings.install_command, change.install_command);
  take(settings.build_command, change.build_command);
  take(settings.start_command, change.start_command);
  take(settings.output_directory, change.output_directory);
  take(settings.health_path, change.health_path);
  take(settings.port, change.port);
  take(settings.health_seconds, change.health_seconds);
  take(settings.drain_seconds, change.drain_seconds);
  take(settings.memory_mb, change.memory_mb);
  take(settings.cpus, change.cpus);
  take(settings.maintenance, change.maintenance);
  take(settings.allowed_addresses, change.allowed_addresses);
  if (change.basic_auth) settings.basic_auth = change.basic_auth->reveal();
  take(settings.body_mb_max, change.body_mb_max);
  take(settings.requests_per_minute, change.requests_per_minute);
  take(settings.answer_seconds_max, change.answer_seconds_max);
  take(settings.protocol, change.protocol);
  take(settings.compression, change.compression);
  take(settings.first_party, change.first_party);
  take(settings.wait_seconds, change.wait_seconds);
  take(settings.sticky, change.sticky);
  take_named(settings.build_arguments, change.build_arguments);
  take_named(settings.response_headers, change.response_headers);
  return settings;
}

Result<std::string> sealed_login(std::string_view login) {
  constexpr std::size_t salt_bytes = 16;
  constexpr std::size_t login_bytes_max = 256;
  if (login.empty()) return std::string{};
  const auto [user, password] = cut(login, ":");
  if (user.empty() || password.empty() || login.size() > login_bytes_max) {
    const FieldError wrong{"/basic_auth", "user:password, both not empty"};
    return std::unexpected(
        Error(projects::errors::bad_setting, "basic_auth: " + wrong.detail, {wrong}));
  }
  const auto salt = random_bytes(salt_bytes);
  return fmt::format("{}:{}:{}", user, to_hex(salt), to_hex(crypto::hmac_sha256(salt, password)));
}

projects::Settings shown(projects::Settings settings) {
  if (!settings.basic_auth.empty()) {
    settings.basic_auth = std::string(cut(settings.basic_auth, ":").first) + ":****";
  }
  return settings;
}

}  // namespace temps::deploys
