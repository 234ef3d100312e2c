// The framework of a Python app and its start command.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/python_project.hpp"
#include "detect/tree.hpp"

namespace temps::detect {

struct PythonStart {
  std::string framework{};
  std::string command{};  // empty: not found, and `problem` says why
  // Packages that the command needs and the project does not name: gunicorn, uvicorn.
  std::vector<std::string> extra_packages{};
  std::vector<std::string> build{};
  std::map<std::string, std::string> environment{};
  std::vector<std::string> warnings{};
  std::string problem{};
};

PythonStart find_python_start(const Tree& tree, const PythonProject& project);

// The object that a server imports: `api` of app.py is {"app", "api"}.
struct PythonObject {
  std::string module;      // "shop.web"
  std::string expression;  // "app", "create_app()"
  bool below_src = false;  // the module is found only with src/ on the path

  // As one word of a command.
  [[nodiscard]] std::string word() const;
};
// A variable that is made by a call of one of `classes`, or a factory "create_app", in the usual
// modules.
std::optional<PythonObject> find_object(const Tree& tree,
                                        const std::vector<std::string_view>& classes);

// manage.py is there.
PythonStart find_django_start(const Tree& tree, const PythonProject& project);

}  // namespace temps::detect
