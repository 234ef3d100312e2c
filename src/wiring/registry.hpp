// Wiring: how the services of a process are put together, in two phases.
//
// Phase one: every module states what it provides and what each constructor needs; nothing is
// built. build() reports all unmet needs and circles at once, with the names of both sides and
// their modules, builds bottom-up and destroys in reverse. Phase two: every module's `start` takes
// its services and adds routes, jobs and event handlers.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "core/check.hpp"
#include "core/result.hpp"

namespace temps {

namespace detail {
// "temps::uptime::Uptime" from the compiler's text.
template <class T>
consteval std::string_view type_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find("T = ") + 4);
  return text.substr(0, text.rfind(']'));
}
}  // namespace detail

// The built services of a process, looked up by type.
class Services {
 public:
  Services() = default;
  Services(Services&&) = default;
  Services& operator=(Services&&) = delete;
  ~Services() {
    while (!owned_.empty()) owned_.pop_back();
  }
  // Asking for what no module provides is a broken invariant: `start` may only take what was
  // declared.
  template <class S>
  S& get() const {
    auto found = by_type_.find(typeid(S));
    ensure(found != by_type_.end(), detail::type_name<S>());
    return *static_cast<S*>(found->second);
  }

 private:
  friend class Registry;
  std::vector<std::shared_ptr<void>> owned_;
  std::unordered_map<std::type_index, void*> by_type_;
};

template <class... Needs>
struct From {};
template <class... Needs>
inline constexpr From<Needs...> from;

class Registry;

// One plugin. `app/modules.cpp` lists them all.
struct Module {
  std::string_view name;
  void (*provide)(Registry&) = nullptr;  // phase one
  void (*start)(Services&) = nullptr;    // phase two
};

class Registry {
 public:
  // S is made from references to Needs..., in the order of its constructor's parameters.
  template <class S, class... Needs>
  void provide(From<Needs...>) {
    recipes_.push_back({typeid(S),
                        detail::type_name<S>(),
                        module_,
                        {Need{typeid(Needs), detail::type_name<Needs>()}...},
                        [](const Services& services) -> std::shared_ptr<void> {
                          return std::make_shared<S>(services.get<Needs>()...);
                        },
                        nullptr});
  }
  // The same, known to others by its interface.
  template <class Interface, class S, class... Needs>
  void provide_as(From<Needs...> needs) {
    provide<S>(needs);
    recipes_.push_back({typeid(Interface),
                        detail::type_name<Interface>(),
                        module_,
                        {Need{typeid(S), detail::type_name<S>()}},
                        nullptr,
                        [](const Services& services) -> void* {
                          return static_cast<Interface*>(&services.get<S>());
                        }});
  }
  // Something made outside, which must outlive the services.
  template <class S>
  void supply(S& external) {
    supplied_.push_back({typeid(S), detail::type_name<S>(), &external});
  }
  // Calls `provide` of every module, so that errors can name it.
  void add(const Module& module);

  // Fails with `wiring.twice`, `wiring.unmet` or `wiring.circle`, the first that applies; the
  // detail has a line for every problem of all three. Nothing was built then.
  Result<Services> build() const;

 private:
  struct Need {
    std::type_index type;
    std::string_view name;
  };
  struct Recipe {
    std::type_index type;
    std::string_view name;
    std::string_view module;
    std::vector<Need> needs;
    std::function<std::shared_ptr<void>(const Services&)> make;
    std::function<void*(const Services&)>
        view;  // of an interface: another service under a second name
  };
  struct Supplied {
    std::type_index type;
    std::string_view name;
    void* object;
  };
  struct Graph;
  std::string_view module_ = "app";
  std::vector<Recipe> recipes_;
  std::vector<Supplied> supplied_;
};

}  // namespace temps
