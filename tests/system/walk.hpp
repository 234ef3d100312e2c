// Steps one to four of a user's first day, with an app of examples/.
#pragma once
#include <ostream>
#include <string_view>

#include "system/world.hpp"

namespace temps::e2e {

struct Example {
  std::string_view name;
  std::string_view shows;  // what its page says
  std::string_view file;   // where it says it
  std::string_view built;  // a word of the build's own output; empty: nothing is built
  bool runs = true;        // as a process, so that it has a log
};
inline constexpr Example hello_node{"hello-node", "It works.", "server.js", ""};
inline constexpr Example node_express{"node-express", "node-express: GET", "server.js", "npm ci"};
inline constexpr Example python_flask{"python-flask", "python-flask, release", "app.py",
                                      "requirements.txt"};
inline constexpr Example static_site{"static-site", "<h1>static-site</h1>", "index.html", "",
                                     false};
inline constexpr Example vite_static{"vite-static", "<h1>vite-static</h1>", "index.html",
                                     "npm run build", false};
inline constexpr Example dockerfile_app{"dockerfile-app", "dockerfile-app, release", "server.pl",
                                        "COPY server.pl"};
std::ostream& operator<<(std::ostream& out, const Example& example);

// Project, push, page, logs, second push, rollback.
void walk(World& world, const Example& example);

}  // namespace temps::e2e
