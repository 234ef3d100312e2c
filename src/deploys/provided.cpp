#include "deploys/provided.hpp"

#include <algorithm>
#include <array>

namespace temps::deploys {

std::map<std::string, std::string> provided_variables(const Deployment& deployment,
                                                      const AppPlace& place) {
  return {{"TEMPS_PROJECT", place.project.name},
          {"TEMPS_ENVIRONMENT", place.environment.name},
          {"TEMPS_RELEASE", std::to_string(deployment.number)},
          {"TEMPS_URL", place.url},
          {"TEMPS_GIT_COMMIT", deployment.commit},
          {"TEMPS_GIT_BRANCH", deployment.branch}};
}

bool is_public_name(std::string_view name) {
  static constexpr std::array<std::string_view, 9> prefixes{
      "NEXT_PUBLIC_", "VITE_",    "REACT_APP_", "PUBLIC_",     "NUXT_PUBLIC_",
      "GATSBY_",      "VUE_APP_", "NG_APP_",    "EXPO_PUBLIC_"};
  return std::ranges::any_of(prefixes,
                             [name](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace temps::deploys
