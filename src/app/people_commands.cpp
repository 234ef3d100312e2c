// temps user, team, invite.
#include "app/access_commands.hpp"
#include "app/api_client.hpp"
#include "app/errors.hpp"
#include "app/found.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next;
};
struct RoleBody {
  std::string role;
};
struct NameBody {
  std::string name;
};
struct GrantWish {
  std::string project;
  std::string role;
};
struct InvitationBody {
  std::string email;
  std::string role;
  std::vector<GrantWish> grants;
  std::vector<std::int64_t> teams;
};
struct Invitation {
  std::int64_t id;
  std::string email;
  std::string role;
  std::string inviter;
  std::string expires_at;
};
struct NewInvitation {
  Invitation invitation;
  std::string token;
};

Task<> users(net::Loop& loop, Common common, AccessOptions) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string cursor;
  for (;;) {
    auto text = co_await client.call("GET", "/api/v1/users?limit=200" + cursor);
    if (common.format == Format::json) print(text);
    auto page = co_await json::decode<Page<FoundUser>>(text);
    for (const auto& user : page.items) {
      if (common.format == Format::json) break;
      print(fmt::format("{:<5} {:<40} {:<10} {}", user.id, user.email, user.role,
                        user.kind == "service" ? "service account" : ""));
    }
    if (!page.next) co_return;
    cursor = "&cursor=" + percent_encoded(*page.next);
  }
}

Task<> give_role(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto user = co_await find_user(client, options.who);
  const auto text = co_await client.call("PATCH", fmt::format("/api/v1/users/{}", user.id),
                                         json::encode(RoleBody{options.role}));
  print(common.format == Format::json ? text
                                      : fmt::format("{} is {} now.", user.email, options.role));
}

Task<> drop_user(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto user = co_await find_user(client, options.who);
  co_await client.call("DELETE", fmt::format("/api/v1/users/{}", user.id));
  print(fmt::format("Removed {}.", user.email));
}

Task<> teams(net::Loop& loop, Common common, AccessOptions) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", "/api/v1/teams");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto page = co_await json::decode<Page<FoundTeam>>(text);
  for (const auto& team : page.items) {
    std::vector<std::string> members;
    for (const auto& member : team.members) members.push_back(member.email);
    print(fmt::format("{:<24} {}", team.name, join(members, ", ")));
  }
  if (page.items.empty()) note("No teams yet. Make one with: temps team create NAME");
}

Task<> make_team(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text =
      co_await client.call("POST", "/api/v1/teams", json::encode(NameBody{options.team}));
  print(common.format == Format::json ? text : fmt::format("Created the team {}.", options.team));
}

Task<> drop_team(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto team = co_await find_team(client, options.team);
  co_await client.call("DELETE", fmt::format("/api/v1/teams/{}", team.id));
  print(fmt::format("Removed the team {}.", team.name));
}

Task<> put_into_team(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto team = co_await find_team(client, options.team);
  const auto user = co_await find_user(client, options.who);
  co_await client.call("PUT", fmt::format("/api/v1/teams/{}/members/{}", team.id, user.id));
  print(fmt::format("{} is in the team {} now.", user.email, team.name));
}

Task<> take_out_of_team(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto team = co_await find_team(client, options.team);
  for (const auto& member : team.members) {
    if (!equal_ignoring_case(member.email, options.who)) continue;
    co_await client.call("DELETE",
                         fmt::format("/api/v1/teams/{}/members/{}", team.id, member.user));
    print(fmt::format("{} is not in the team {} any more.", member.email, team.name));
    co_return;
  }
  co_await fail(errors::not_there, "{} is not in the team {}", options.who, team.name);
}

Task<> send_invitation(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  InvitationBody wanted{.email = options.who, .role = options.role, .grants = {}, .teams = {}};
  for (const auto& word : options.projects) {
    const auto [project, role] = cut(word, "=");
    wanted.grants.push_back({std::string(project), std::string(role)});
  }
  for (const auto& name : options.teams) {
    wanted.teams.push_back((co_await find_team(client, name)).id);
  }
  const auto text = co_await client.call("POST", "/api/v1/invitations", json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto made = co_await json::decode<NewInvitation>(text);
  note(fmt::format("Send this link to {}; it makes one account, until {}:", made.invitation.email,
                   made.invitation.expires_at.substr(0, 16)));
  print(fmt::format("{}/invite#token={}", client.target().url, made.token));
}

Task<> invitations(net::Loop& loop, Common common, AccessOptions) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", "/api/v1/invitations");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  for (const auto& one : (co_await json::decode<Page<Invitation>>(text)).items) {
    print(fmt::format("{:<5} {:<40} {:<10} by {}  until {}", one.id, one.email, one.role,
                      one.inviter, one.expires_at.substr(0, 16)));
  }
}

Task<> drop_invitation(net::Loop& loop, Common common, AccessOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", fmt::format("/api/v1/invitations/{}", options.number));
  print(fmt::format("Revoked the invitation {}.", options.number));
}

Result<> run(Task<> (*work)(net::Loop&, Common, AccessOptions), const Common& common,
             const AccessOptions& options = {}) {
  net::Loop loop;
  return loop.run(work(loop, common, options));
}

}  // namespace

Result<> list_users(const Common& common) { return run(users, common); }
Result<> change_role(const Common& common, const AccessOptions& options) {
  return run(give_role, common, options);
}
Result<> remove_user(const Common& common, const AccessOptions& options) {
  return run(drop_user, common, options);
}
Result<> list_teams(const Common& common) { return run(teams, common); }
Result<> create_team(const Common& common, const AccessOptions& options) {
  return run(make_team, common, options);
}
Result<> remove_team(const Common& common, const AccessOptions& options) {
  return run(drop_team, common, options);
}
Result<> join_team(const Common& common, const AccessOptions& options) {
  return run(put_into_team, common, options);
}
Result<> leave_team(const Common& common, const AccessOptions& options) {
  return run(take_out_of_team, common, options);
}
Result<> invite(const Common& common, const AccessOptions& options) {
  return run(send_invitation, common, options);
}
Result<> list_invitations(const Common& common) { return run(invitations, common); }
Result<> revoke_invitation(const Common& common, const AccessOptions& options) {
  return run(drop_invitation, common, options);
}

}  // namespace temps::app
