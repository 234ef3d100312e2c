// The name of an image as people write it: "nginx", "nginx:1.25", "ghcr.io/ann/shop@sha256:…".
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::runtime {

struct ImageReference {
  std::string host{};  // of the registry, with its port; empty: the engine's own, Docker Hub
  std::string path{};  // "library/nginx" without what is usual: "nginx"
  std::string tag{};   // empty where there is a digest; else "latest" where none is given
  std::string digest{};

  // Fails with `bad_image` and says what is wrong.
  static Result<ImageReference> parse(std::string_view text);

  // "ghcr.io/ann/shop", as the engine's API takes it.
  [[nodiscard]] std::string name() const { return host.empty() ? path : host + "/" + path; }
  // With tag or digest.
  [[nodiscard]] std::string text() const;
  // As logins name the registry.
  [[nodiscard]] std::string registry() const { return host.empty() ? "docker.io" : host; }
};

}  // namespace temps::runtime
