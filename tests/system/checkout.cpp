#include "system/checkout.hpp"

#include <fstream>

#include "core/text.hpp"

namespace temps::e2e {

namespace fs = std::filesystem;

Checkout::Checkout(World& world, std::string project)
    : world_(world), project_(std::move(project)), folder_(world.folder() / ("src-" + project_)) {
  fs::create_directories(folder_);
  const auto made = world_.temps({"project", "create", project_});
  EXPECT_EQ(made.code, 0) << made.all();
  git({"init", "-q", "-b", "main", "."});
  git({"config", "user.email", "dev@example.com"});
  git({"config", "user.name", "Dev"});
  git({"remote", "add", "temps", fmt::format("{}/git/{}.git", world_.url(), project_)});
}

void Checkout::write(const std::string& name, std::string_view text) {
  fs::create_directories((folder_ / name).parent_path());
  std::ofstream(folder_ / name) << text;
}

void Checkout::copy(const std::string& from) {
  for (const auto& entry : fs::directory_iterator(from)) {
    if (entry.path().filename() == "node_modules") continue;
    fs::copy(entry.path(), folder_ / entry.path().filename(), fs::copy_options::recursive);
  }
}

void Checkout::remove(const std::string& name) { fs::remove_all(folder_ / name); }

std::string Checkout::commit(const std::string& message) {
  git({"add", "-A"});
  const auto made = git({"commit", "-q", "--allow-empty", "-m", message});
  EXPECT_EQ(made.code, 0) << made.all();
  return std::string(trimmed(git({"rev-parse", "HEAD"}).out));
}

Outcome Checkout::git(Words words) {
  words.insert(words.begin(), "git");
  return world_.run(std::move(words), folder());
}

Outcome Checkout::push(const std::string& what) { return git({"push", "--force", "temps", what}); }

Outcome Checkout::release(const std::string& message) {
  commit(message);
  return push();
}

Background Checkout::begin_push(const std::string& what) {
  return world_.begin({"git", "push", "--force", "temps", what},
                      fmt::format("push-{}-{}", project_, ++pushes_), folder());
}

std::string Checkout::read(const std::string& name) const { return content(folder_ / name); }

}  // namespace temps::e2e
