#include <utility>

#include "access/permissions.hpp"
#include "access/routes.hpp"
#include "identity/login_views.hpp"
#include "identity/rules.hpp"
#include "projects/errors.hpp"

namespace temps::access {
namespace {

constexpr std::string_view token_field = "Invitation-Token";

// The JSON shapes of this API. A field name is the wire name.
struct InvitationView {
  std::int64_t id;
  std::string email;
  Role role;
  std::string inviter;
  Instant created_at;
  Instant expires_at;
};
struct NewInvitationView {
  InvitationView invitation;
  Disclosed token;  // for the console's page /invite#token=…
};
enum class InvitedRole : std::uint8_t { guest, viewer, developer, admin, owner };
struct GrantWish {
  std::string project;
  GrantedRole role;
};
struct InvitationBody {
  std::string email;
  InvitedRole role;
  std::optional<std::vector<GrantWish>> grants;
  std::optional<std::vector<std::int64_t>> teams;
};
// For whoever holds the link.
struct OfferView {
  std::string email;
  Role role;
  std::string inviter;
  Instant expires_at;
};
struct AcceptBody {
  Secret token;
  Secret password;
};

InvitationView view(const Invitation& invitation) {
  return {invitation.id.value, invitation.email,      invitation.role,
          invitation.inviter,  invitation.created_at, invitation.expires_at};
}

Role to_role(InvitedRole role) {
  return static_cast<Role>(std::to_underlying(role) + std::to_underlying(Role::guest));
}

Task<std::vector<InvitedGrant>> grants_of(Api& api, http::Principal caller,
                                          std::vector<GrantWish> wishes) {
  constexpr std::size_t grants_max = 100;
  if (wishes.size() > grants_max) {
    co_await fail(errors::bad_grant, "at most {} projects; make a team", grants_max);
  }
  std::vector<InvitedGrant> grants;
  for (const auto& wish : wishes) {
    if (!caller.sees(wish.project)) {
      co_await fail(projects::errors::no_such_project, "there is no project \"{}\"",
                    wish.project.substr(0, 100));
    }
    const auto project = co_await api.projects.get(wish.project);
    co_await check_gives(caller, project.name, role_of(wish.role));
    grants.push_back({project.id.value, role_of(wish.role)});
  }
  co_return grants;
}

Task<std::vector<TeamId>> teams_of(Api& api, http::Principal caller,
                                   std::vector<std::int64_t> wishes) {
  std::vector<TeamId> teams;
  for (const auto wish : wishes) {
    const auto team = co_await api.teams.get(TeamId{wish});
    if (co_await api.grants.highest_of(team.id) > caller.gives()) {
      co_await fail(errors::beyond_own, "the team {} has more rights than you may give", team.name);
    }
    teams.push_back(team.id);
  }
  co_return teams;
}

Task<http::Page<InvitationView>> list_invitations(Api& api) {
  http::Page<InvitationView> page;
  for (const auto& one : co_await api.invitations.list()) page.items.push_back(view(one));
  co_return page;
}

Task<http::Created<NewInvitationView>> create_invitation(Api& api, http::Caller caller,
                                                         http::Body<InvitationBody> body) {
  auto& wish = body.value;
  const auto role = to_role(wish.role);
  co_await identity::check_rank(caller.gives(), role);
  NewInvitation wanted{.email = std::move(wish.email),
                       .role = role,
                       .by = identity::UserId{caller.user},
                       .inviter = caller.email};
  if (wish.grants) wanted.grants = co_await grants_of(api, caller, std::move(*wish.grants));
  if (wish.teams) wanted.teams = co_await teams_of(api, caller, std::move(*wish.teams));
  auto issued = co_await api.invitations.invite(std::move(wanted));
  co_return http::Created<NewInvitationView>{
      {view(issued.invitation), Disclosed{issued.token.reveal()}}};
}

Task<http::NoContent> revoke_invitation(Api& api, http::Path<InvitationId> id) {
  co_await api.invitations.revoke(id.value);
  co_return http::NoContent{};
}

Task<http::Ok<OfferView>> look_at_invitation(Api& api, const http::Request& request) {
  Secret token(std::string(request.headers.find(token_field).value_or("")));
  auto found = co_await api.invitations.look_at(std::move(token));
  co_return http::Ok<OfferView>{
      {std::move(found.email), found.role, std::move(found.inviter), found.expires_at}};
}

// The link and the new password are as good as a login.
Task<http::Created<identity::LoginView>> accept_invitation(Api& api, http::Request& request,
                                                           http::Body<AcceptBody> body) {
  auto user =
      co_await api.invitations.accept(std::move(body.value.token), std::move(body.value.password));
  identity::name_caller(request, user);
  co_return co_await identity::begin_session(api.identity, request, std::move(user));
}

}  // namespace

void add_invitation_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  using temps::permissions::open;
  const auto may = permissions::invitations;
  routes.get<list_invitations>("/api/v1/invitations", may, "List the open invitations");
  routes.post<create_invitation>("/api/v1/invitations", may,
                                 "Invite somebody; the token is shown this once");
  routes.del<revoke_invitation>("/api/v1/invitations/{invitation}", may, "Revoke an invitation");
  routes.get<look_at_invitation>("/api/v1/invitations/by-token", open,
                                 "What is the invitation in the field Invitation-Token for?");
  routes.post<accept_invitation>("/api/v1/invitations/accept", open,
                                 "Make the account that the invitation is for, and log in");
}

}  // namespace temps::access
