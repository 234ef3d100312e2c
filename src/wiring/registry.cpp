#include "wiring/registry.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "wiring/errors.hpp"

namespace temps {

// The recipes as a graph: who needs whom, what is wrong with it, and the order to build in.
struct Registry::Graph {
  enum class Mark : std::uint8_t { unseen, on_path, done };

  const Registry& registry;
  std::unordered_map<std::type_index, const Recipe*> by_type{};
  std::vector<std::string> twice{};
  std::vector<std::string> unmet{};
  std::vector<std::string> circles{};
  std::vector<const Recipe*> order{};
  std::unordered_map<const Recipe*, Mark> marks{};
  std::vector<const Recipe*> path{};

  [[nodiscard]] bool is_supplied(std::type_index type) const {
    return std::ranges::any_of(registry.supplied_,
                               [type](const Supplied& supplied) { return supplied.type == type; });
  }

  void index() {
    for (const auto& recipe : registry.recipes_) {
      const auto [first, added] = by_type.try_emplace(recipe.type, &recipe);
      if (!added) {
        twice.push_back(fmt::format("{} is provided by module {} and by module {}", recipe.name,
                                    first->second->module, recipe.module));
      }
      if (is_supplied(recipe.type)) {
        twice.push_back(fmt::format("{} is provided by module {} and supplied from outside",
                                    recipe.name, recipe.module));
      }
    }
    for (auto one = registry.supplied_.begin(); one != registry.supplied_.end(); ++one) {
      if (std::any_of(registry.supplied_.begin(), one,
                      [one](const Supplied& other) { return other.type == one->type; })) {
        twice.push_back(fmt::format("{} is supplied twice", one->name));
      }
    }
  }

  void visit(const Recipe& recipe) {
    marks[&recipe] = Mark::on_path;
    path.push_back(&recipe);
    for (const auto& need : recipe.needs) {
      if (is_supplied(need.type)) continue;
      const auto found = by_type.find(need.type);
      if (found == by_type.end()) {
        unmet.push_back(fmt::format("{} (module {}) needs {}, which no module provides",
                                    recipe.name, recipe.module, need.name));
      } else if (marks[found->second] == Mark::on_path) {
        circles.push_back(circle_from(*found->second));
      } else if (marks[found->second] == Mark::unseen) {
        visit(*found->second);
      }
    }
    path.pop_back();
    marks[&recipe] = Mark::done;
    order.push_back(&recipe);
  }

  // "A (module a) needs B (module b) needs A", from the path that just came back to `start`.
  [[nodiscard]] std::string circle_from(const Recipe& start) const {
    std::string text;
    for (auto at = std::ranges::find(path, &start); at != path.end(); ++at) {
      text += fmt::format("{} (module {}) needs ", (*at)->name, (*at)->module);
    }
    return text + std::string(start.name);
  }

  [[nodiscard]] std::optional<Error> problem() const {
    std::string lines;
    for (const auto* group : {&twice, &unmet, &circles}) {
      for (const auto& line : *group) lines += (lines.empty() ? "" : "\n") + line;
    }
    if (lines.empty()) return std::nullopt;
    return Error(!twice.empty()   ? wiring::errors::twice
                 : !unmet.empty() ? wiring::errors::unmet
                                  : wiring::errors::circle,
                 std::move(lines));
  }
};

void Registry::add(const Module& module) {
  module_ = module.name;
  if (module.provide) module.provide(*this);
  module_ = "app";
}

Result<Services> Registry::build() const {
  Graph graph{*this};
  graph.index();
  for (const auto& recipe : recipes_) {
    if (graph.marks[&recipe] == Graph::Mark::unseen) graph.visit(recipe);
  }
  if (auto problem = graph.problem()) return fail(std::move(*problem));
  Services services;
  for (const auto& supplied : supplied_) services.by_type_.emplace(supplied.type, supplied.object);
  for (const auto* recipe : graph.order) {
    if (recipe->view) {
      services.by_type_.emplace(recipe->type, recipe->view(services));
      continue;
    }
    auto made = recipe->make(services);
    services.by_type_.emplace(recipe->type, made.get());
    services.owned_.push_back(std::move(made));
  }
  return services;
}

}  // namespace temps
