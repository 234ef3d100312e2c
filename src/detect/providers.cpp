#include "detect/provider.hpp"

namespace temps::detect {

// Python before Node: a Python app often brings a package.json for its front end, hardly ever the
// other way round.
const std::vector<Provider>& providers() {
  static const std::vector<Provider> list{
      {"python",
       "requirements.txt, pyproject.toml, Pipfile, setup.py, manage.py or a main file (main.py, "
       "app.py, …)",
       detect_python},
      {"node", "package.json", detect_node},
      {"static", "index.html, public/index.html or Staticfile", detect_static},
  };
  return list;
}

}  // namespace temps::detect
