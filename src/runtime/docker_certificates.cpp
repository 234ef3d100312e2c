// Certificates for the steps of builds: an image of their own, from which a Dockerfile copies them.
// So nothing is added to the user's files, and layers are used again until the certificates change.
#include "runtime/docker_certificates.hpp"

#include <fmt/core.h>

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "files/files.hpp"
#include "runtime/docker_runtime.hpp"

namespace temps::runtime {
namespace {

constexpr const char* file_name = "temps-ca.crt";
constexpr std::string_view file_in_steps = "/opt/temps-ca.crt";
constexpr std::size_t hash_digits = 16;

}  // namespace

// ARG, not ENV: the variables hold for RUN only and are in no image. What the user's Dockerfile or
// base image says itself wins over them.
std::vector<std::string> lines_of_trust(std::string_view image) {
  std::string arguments = "ARG";
  for (const auto* name : certificate_variables) {
    arguments += fmt::format(" {}={}", name, file_in_steps);
  }
  return {fmt::format("COPY --from={} /{} {}", image, file_name, file_in_steps), arguments};
}

Task<std::string> DockerRuntime::ensure_certificates(std::filesystem::path certificates) {
  const auto text = co_await files::read(certificates);
  const auto hash = crypto::sha256_hex(text).substr(0, hash_digits);
  const auto name = fmt::format("temps/certificates:{}-{}", options_.installation, hash);
  certificates_image_ = name;
  if (co_await has_artifact(name)) co_return name;
  const files::TemporaryFolder work(options_.work_folder);
  const auto archive = work.path() / "certificates.tar";
  const auto root = work.path() / "root";
  co_await files::make_folder(root);
  co_await files::pack_tar(root, archive, {{file_name, text}});
  co_await import_image(
      loop_, {.socket = api_.socket(),
              .archive = archive,
              .name = name,
              .changes = {fmt::format("LABEL {}={}", label::installation, options_.installation),
                          fmt::format("LABEL {}={}", label::certificates, hash)}});
  co_return name;
}

Task<> DockerRuntime::remove_old_certificates(const std::vector<EngineImage>& images) {
  for (const auto& image : images) {
    const auto owner = image.labels.find(label::installation);
    const bool is_ours = owner != image.labels.end() && owner->second == options_.installation;
    if (!is_ours || !image.labels.contains(label::certificates)) continue;
    for (const auto& tag : image.tags) {
      const bool is_old = tag.starts_with("temps/certificates:") && tag != certificates_image_;
      if (is_old) co_await remove_image(tag);
    }
  }
}

}  // namespace temps::runtime
