#include "access/gate.hpp"

#include <utility>

#include "access/queries.hpp"

namespace temps::access {

Task<http::Principal> Gate::authenticate(const http::Request& request) {
  const auto field = request.headers.find("authorization");
  if (auto key = field ? identity::key_in(*field) : std::nullopt;
      key && key->starts_with(token_prefix)) {
    co_return co_await tokens_.principal(std::move(*key));
  }
  auto who = co_await authentication_.authenticate(request);
  // What is granted is at most admin.
  if (who.user != 0 && who.role < Role::admin) {
    who.access.projects = co_await grants_.of(identity::UserId{who.user});
  }
  if (!who.access.project) co_return who;
  const auto place = co_await database_.maybe(queries::key_place, identity::KeyId{who.credential});
  if (!place) co_return who;
  who.access.project = place->project;
  if (place->has_environment) who.access.environment = place->environment.value_or("");
  co_return who;
}

}  // namespace temps::access
