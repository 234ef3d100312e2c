// A developer's git checkout whose remote `temps` is a project.
#pragma once
#include <string>
#include <string_view>

#include "system/world.hpp"

namespace temps::e2e {

class Checkout {
 public:
  // Makes the project, too.
  Checkout(World& world, std::string project);

  void write(const std::string& name, std::string_view text);
  void copy(const std::string& folder);  // everything in it
  void remove(const std::string& name);
  std::string commit(const std::string& message);  // its id
  Outcome git(Words words);
  Outcome push(const std::string& what = "main");
  // Commits what was written and pushes it.
  Outcome release(const std::string& message);
  Background begin_push(const std::string& what = "main");

  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] std::string folder() const { return folder_.string(); }
  [[nodiscard]] const std::string& project() const { return project_; }
  [[nodiscard]] World& world() { return world_; }

 private:
  World& world_;
  std::string project_;
  std::filesystem::path folder_;
  int pushes_ = 0;
};

}  // namespace temps::e2e
