#include "access/teams.hpp"

#include <utility>

#include "access/name.hpp"
#include "access/queries.hpp"
#include "sql/errors.hpp"

namespace temps::access {
namespace {

std::unexpected<Error> no_such_team(TeamId id) {
  return fail(errors::no_such_team, "there is no team {}", id.value);
}
std::unexpected<Error> name_taken(std::string_view name) {
  return fail(errors::name_taken, "there is a team \"{}\" already", name);
}

}  // namespace

Task<Team> Teams::create(std::string name) {
  constexpr std::int64_t teams_max = 500;  // all are shown in one list
  co_await check_name(name);
  auto made = co_await database_.maybe(queries::insert_team, name, clock_.now(), teams_max);
  if (made) co_return std::move(*made);
  if (co_await database_.maybe(queries::team_by_name, name)) co_await name_taken(name);
  co_await fail(errors::too_many, "there are {} teams; remove one that is not needed", teams_max);
  co_return Team{};
}

Task<std::vector<Team>> Teams::list() { co_return co_await database_.all(queries::list_teams); }

Task<Team> Teams::get(TeamId id) {
  auto found = co_await database_.maybe(queries::get_team, id);
  if (!found) co_await no_such_team(id);
  co_return std::move(*found);
}

Task<Team> Teams::rename(TeamId id, std::string name) {
  co_await check_name(name);
  auto done = co_await attempt(database_.run(queries::rename_team, id, name));
  if (!done && done.error().is(sql::errors::conflict)) co_await name_taken(name);
  co_await std::move(done);
  co_return co_await get(id);
}

Task<> Teams::remove(TeamId id) {
  if (co_await database_.run(queries::remove_team, id) == 0) co_await no_such_team(id);
}

Task<std::vector<Member>> Teams::members() {
  co_return co_await database_.all(queries::list_members);
}

Task<> Teams::add(TeamId team, identity::UserId user) {
  co_await get(team);
  auto done = co_await attempt(database_.run(queries::add_member, team, user));
  if (!done && done.error().is(sql::errors::refused)) {
    co_await fail(errors::no_such_user, "there is no user {}", user.value);
  }
  co_await std::move(done);
}

Task<> Teams::take_out(TeamId team, identity::UserId user) {
  if (co_await database_.run(queries::remove_member, team, user) > 0) co_return;
  co_await fail(errors::no_such_user, "the team {} has no member {}", team.value, user.value);
}

}  // namespace temps::access
