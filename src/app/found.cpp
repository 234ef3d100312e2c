#include "app/found.hpp"

#include "app/errors.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next;
};

}  // namespace

Task<FoundUser> find_user(ApiClient& client, std::string email) {
  std::string cursor;
  for (;;) {
    auto page = co_await client.get<Page<FoundUser>>("/api/v1/users?limit=200" + cursor);
    for (auto& user : page.items) {
      if (equal_ignoring_case(user.email, email)) co_return std::move(user);
    }
    if (!page.next) break;
    cursor = "&cursor=" + percent_encoded(*page.next);
  }
  co_await fail(errors::not_there, "there is no user {}; see: temps user list", email);
  co_return FoundUser{};
}

Task<FoundTeam> find_team(ApiClient& client, std::string name) {
  auto page = co_await client.get<Page<FoundTeam>>("/api/v1/teams");
  for (auto& team : page.items) {
    if (team.name == name) co_return std::move(team);
  }
  co_await fail(errors::not_there, "there is no team \"{}\"; see: temps team list", name);
  co_return FoundTeam{};
}

}  // namespace temps::app
