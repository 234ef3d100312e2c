// What deployments are of where it is elsewhere: a branch of a repository, an image of a registry.
#pragma once
#include <filesystem>
#include <string>

#include "core/task.hpp"
#include "deploys/deployment.hpp"
#include "projects/projects.hpp"
#include "runtime/runtime.hpp"

namespace temps::deploys {

// The newest commit of a branch; the tar file of its tree is the receiver's to move.
struct Fetched {
  std::string commit;
  std::string message;
  std::filesystem::path tree;
};

// Brings it, and knows what it takes. Whoever keeps the projects' sources does that.
class Supplier {
 public:
  virtual ~Supplier() = default;
  // Begin a deployment. Fail with what there is to do where it cannot be fetched or must not.
  virtual Task<Deployment> deploy(projects::Place place) = 0;
  virtual Task<Deployment> deploy_image(projects::Place place, std::string image) = 0;
  // Of the repository that the project was given; `say` gets our own steps, `output` git's words.
  virtual Task<Fetched> fetch(projects::Place place, std::string branch, runtime::LineSink say,
                              runtime::LineSink output) = 0;
  // Who we are to the image's registry; nobody where nothing was said. Fails where that registry
  // must not be asked.
  virtual Task<runtime::RegistryLogin> login(projects::Place place, std::string image) = 0;
};

}  // namespace temps::deploys
