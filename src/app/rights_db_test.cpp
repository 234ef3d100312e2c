// Who may do what, walked over every route of the whole application: a real database, the real
// modules, the real credentials. What a handler does is not called, unless the test says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "access/grants.hpp"
#include "access/keys.hpp"
#include "access/tokens.hpp"
#include "app/layout.hpp"
#include "app/modules.hpp"
#include "app/surroundings.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "http/dispatch.hpp"
#include "json/json.hpp"
#include "runtime/process_runtime.hpp"
#include "testbed/database.hpp"

namespace temps::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int called = 299;

// The roles and scopes as they were decided. A new permission has to be put down here, too.
struct Decided {
  Role least;
  Scope scope;
  bool deploying = false;
};
const std::map<std::string, Decided, std::less<>>& decided() {
  using enum Role;
  using enum Scope;
  static const std::map<std::string, Decided, std::less<>> all{
      {"open", {anonymous, anyone}},
      {"account.self", {guest, own}},
      {"account.own", {guest, own}},
      {"users.manage", {admin, installation}},
      {"login_providers.manage", {admin, installation}},
      {"audit.read", {admin, installation}},
      {"teams.read", {viewer, installation}},
      {"teams.manage", {admin, installation}},
      {"invitations.manage", {admin, installation}},
      {"service_accounts.manage", {admin, installation}},
      {"grants.read", {viewer, project}},
      {"grants.manage", {admin, project}},
      {"tokens.manage", {admin, project}},
      {"projects.read", {viewer, project, true}},
      {"projects.create", {developer, installation}},
      {"projects.write", {developer, project}},
      {"projects.remove", {admin, project}},
      {"deploys.read", {viewer, project, true}},
      {"deploys.write", {developer, project, true}},
      {"logs.read", {viewer, project, true}},
      {"instances.remove", {admin, installation}},
      {"instances.exec", {developer, project}},
      {"requests.read", {viewer, project}},
      {"variables.read", {viewer, project}},
      {"variables.write", {developer, project}},
      {"variables.reveal", {developer, project}},
      {"machine.read", {viewer, installation}},
      {"machine.jobs", {admin, installation}},
      {"domains.read", {viewer, project}},
      {"domains.write", {developer, project}},
      {"certificates.read", {viewer, project}},
      {"certificates.write", {admin, installation}},
      {"dns.read", {viewer, installation}},
      {"dns.write", {admin, installation}},
      {"settings.read", {admin, installation}},
      {"gateway.read", {viewer, installation}},
      {"git.read", {viewer, project, true}},
      {"git.push", {developer, project, true}},
  };
  return all;
}

// Those that answer anyone. Pages hold nothing by themselves; git asks for credentials in its own
// form and checks by itself, which is tested below.
const std::set<std::string>& open_routes() {
  static const std::set<std::string> all{"GET /api/v1/openapi.json",
                                         "GET /api/v1/setup",
                                         "POST /api/v1/setup",
                                         "POST /api/v1/sessions",
                                         "POST /api/v1/sessions/second-factor",
                                         "POST /api/v1/password-resets/accept",
                                         "GET /api/v1/invitations/by-token",
                                         "POST /api/v1/invitations/accept",
                                         "GET /api/v1/login-options",
                                         "POST /api/v1/provider-logins",
                                         "POST /api/v1/provider-logins/complete",
                                         "POST /api/v1/device-authorizations",
                                         "POST /api/v1/device-tokens",
                                         "GET /git/{project}.git/{rest...}",
                                         "POST /git/{project}.git/{rest...}",
                                         "POST /internal/git/pre-receive",
                                         "GET /",
                                         "GET /login",
                                         "GET /login/{rest...}",
                                         "GET /proxy",
                                         "GET /setup",
                                         "GET /problems/{module}/{reason}",
                                         "GET /account",
                                         "GET /account/{rest...}",
                                         "GET /device",
                                         "GET /invite",
                                         "GET /machine",
                                         "GET /new",
                                         "GET /reset",
                                         "GET /settings",
                                         "GET /settings/{rest...}",
                                         "GET /gallery",
                                         "GET /projects/{rest...}",
                                         "GET /assets/{name...}",
                                         "GET /{page}"};
  return all;
}
// About projects, without one in the path: the handler shows what the caller may see.
const std::set<std::string>& lists() {
  static const std::set<std::string> all{"GET /api/v1/projects",
                                         "GET /api/v1/instances",
                                         "GET /api/v1/certificates",
                                         "GET /api/v1/certificates/{certificate}",
                                         "GET /api/v1/certificate-authority",
                                         "GET /api/v1/platform"};
  return all;
}

// A caller, and what the decisions say of it.
struct Caller {
  std::string name;
  std::string key;
  Role role = Role::anonymous;
  std::map<std::string, Role> granted{};
  std::optional<std::string> scope{};
  std::string project{};
  std::string environment{};

  [[nodiscard]] bool has(std::string_view permission) const {
    if (!scope || permission == "account.self") return true;
    const auto& rule = decided().at(std::string(permission));
    if (*scope == "admin") return rule.least <= Role::admin;
    if (*scope == permission) return true;
    if (rule.scope == Scope::own) return false;
    if (*scope == "write") return rule.least <= Role::developer;
    if (*scope == "read") return rule.least <= Role::viewer;
    return *scope == "deploy" && rule.deploying;
  }
  [[nodiscard]] int expected(const http::Route& route, const std::string& target) const {
    const auto permission = std::string(route.permission.name);
    const auto& rule = decided().at(permission);
    if (rule.scope == Scope::anyone) return called;
    if (role == Role::anonymous) return 401;
    if (rule.scope != Scope::project) {
      const bool fits = project.empty() || permission == "account.self";
      return role >= rule.least && has(permission) && fits ? called : 403;
    }
    if (lists().contains(route.method + " " + route.path)) return has(permission) ? called : 403;
    const auto grant = granted.find(target);
    const auto there = grant == granted.end() ? role : std::max(role, grant->second);
    if (there < Role::viewer || (!project.empty() && project != target)) return 404;
    const bool names_one = route.path.find("{environment}") != std::string::npos;
    const std::string otherwise = route.spans_environments ? "every" : "production";
    const std::string concerned = names_one ? "1" : otherwise;
    const bool fits = environment.empty() || environment == concerned;
    return there >= rule.least && has(permission) && fits ? called : 403;
  }
};

class TextBody final : public http::BodyReader {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  Task<std::string_view> read() override {
    co_return std::exchange(was_read_, true) ? std::string_view{} : std::string_view(text_);
  }

 private:
  std::string text_;
  bool was_read_ = false;
};

struct RightsTest : testbed::DatabaseTest {
  files::TemporaryFolder folder;
  ServeOptions options{.data = folder.path(), .database_url = fresh.url()};
  std::unique_ptr<Surroundings> around = std::make_unique<Surroundings>(
      loop, options,
      std::make_unique<runtime::ProcessRuntime>(
          loop,
          runtime::ProcessOptions{.data_folder = folder.path(), .shim_program = "/bin/false"}));
  std::optional<Services> services;
  http::Router router;  // the same routes, with handlers that only say that they were called
  std::vector<Caller> callers{{.name = "anonymous", .key = {}}};
  std::map<Role, identity::UserId> users;

  RightsTest() {
    const auto made = loop.run(make());
    EXPECT_TRUE(made.has_value()) << made.error().detail();
  }
  ~RightsTest() override {
    services.reset();
    EXPECT_TRUE(loop.run(around->database.close()).has_value());
    around.reset();
  }

  Task<> make() {
    co_await files::make_folder(Layout{folder.path()}.route_table().parent_path());
    co_await sql::migrate(around->database, migrations());
    auto built = build_services(*around);
    services.emplace(co_await std::move(built));
    start_modules(*services, *around);
    router.hide_projects_as(around->router.hidden_project());
    for (auto route : around->router.routes()) {
      route.call = [](http::Request&) -> Task<http::Response> {
        co_return http::Response{.status = called};
      };
      router.add(std::move(route));
    }
    for (const auto& permission : around->router.permissions()) router.declare(permission);
    auto& projects = services->get<projects::Projects>();
    const auto shop = co_await projects.create("shop");
    co_await projects.create("other");
    constexpr sql::Command<> staging{"rights_test.staging",
                                     "insert into environments (project_id, name, settings, slug) "
                                     "select projects.id, 'staging', settings, 'shop-staging' from "
                                     "projects join environments on project_id = "
                                     "projects.id where projects.name = 'shop'"};
    co_await around->database.run(staging);
    co_await make_users(shop);
    co_await make_limited(shop);
  }
  Task<std::string> add_user(std::string name, Role role, identity::UserId& id) {
    auto& identity = services->get<identity::Identity>();
    id = co_await identity.create_user(
        {.email = name + "@example.org", .password = Secret("correct horse"), .role = role});
    const auto issued = co_await identity.issue_key(id, {.name = "test"});
    co_return issued.token.reveal();
  }
  Task<> make_users(projects::Project shop) {
    for (const auto role : {Role::guest, Role::viewer, Role::developer, Role::admin, Role::owner}) {
      const auto name = std::string(reflect::enum_name(role));
      auto key = co_await add_user(name, role, users[role]);
      callers.push_back({.name = name, .key = std::move(key), .role = role});
    }
    auto& grants = services->get<access::Grants>();
    for (const auto role : {Role::viewer, Role::developer, Role::admin}) {
      const auto name = "granted-" + std::string(reflect::enum_name(role));
      identity::UserId id;
      auto key = co_await add_user(name, Role::guest, id);
      co_await grants.give(shop.id, id, role);
      callers.push_back(
          {.name = name, .key = std::move(key), .role = Role::guest, .granted = {{"shop", role}}});
    }
    auto& teams = services->get<access::Teams>();
    const auto team = co_await teams.create("crew");
    identity::UserId id;
    auto key = co_await add_user("in-a-team", Role::viewer, id);
    co_await teams.add(team.id, id);
    co_await grants.put(shop.id, {.team = "crew", .role = Role::admin});
    callers.push_back({.name = "in a team",
                       .key = std::move(key),
                       .role = Role::viewer,
                       .granted = {{"shop", Role::admin}}});
  }
  Task<> add_key(std::string name, Role role, std::optional<std::string> scope,
                 std::string project = {}, std::string environment = {}) {
    access::KeyWish wish{.name = name};
    if (scope) wish.scopes = {*scope};
    if (!project.empty()) wish.project = project;
    if (!environment.empty()) wish.environment = environment;
    const http::Principal maker{.role = Role::owner, .kind = "session"};
    auto issued = co_await services->get<access::Keys>().issue(users[role], maker, wish,
                                                               router.permissions());
    callers.push_back({.name = std::move(name),
                       .key = issued.token.reveal(),
                       .role = role,
                       .scope = std::move(scope),
                       .project = std::move(project),
                       .environment = std::move(environment)});
  }
  Task<> make_limited(projects::Project shop) {
    for (const auto* scope : {"read", "deploy", "write", "admin", "domains.write"}) {
      co_await add_key(std::string("owner's key: ") + scope, Role::owner, scope);
    }
    co_await add_key("developer's key: admin", Role::developer, "admin");
    co_await add_key("owner's key for shop", Role::owner, {}, "shop");
    co_await add_key("owner's key for production", Role::owner, {}, "shop", "production");
    co_await add_key("owner's key for staging", Role::owner, {}, "shop", "staging");
    const auto issued =
        co_await services->get<access::Tokens>().issue(shop.id, {.name = "ci", .maker = "ann"});
    callers.push_back({.name = "deployment token",
                       .key = issued.secret.reveal(),
                       .role = Role::guest,
                       .granted = {{"shop", Role::developer}},
                       .scope = "deploy",
                       .project = "shop"});
  }
  [[nodiscard]] const Caller& caller(std::string_view name) const {
    const auto found = std::ranges::find(callers, name, &Caller::name);
    if (found != callers.end()) return *found;
    ADD_FAILURE() << "no caller is called " << name;
    return callers.front();
  }

  Task<http::Response> send(const http::Router& to, std::string key, std::string method,
                            std::string target, std::string text = {}) {
    const auto [path, query] = cut(target, "?");
    http::Request request{.method = std::move(method),
                          .path = std::string(path),
                          .query = std::string(query),
                          .headers = {},
                          .id = "r1"};
    if (!key.empty()) request.headers.add("authorization", "Bearer " + key);
    TextBody body(std::move(text));
    request.body = &body;
    co_return co_await http::dispatch(to, services->get<http::Authenticator>(), request);
  }
  // What the real handler answers.
  Task<http::Response> ask(std::string_view who, std::string method, std::string target,
                           std::string text = {}) {
    co_return co_await send(around->router, caller(who).key, std::move(method), std::move(target),
                            std::move(text));
  }
  static std::string filled(std::string_view path, const std::string& project) {
    std::string text;
    while (!path.empty()) {
      const auto [literal, rest] = cut(path, "{");
      text += literal;
      if (rest.empty()) break;
      const auto [name, behind] = cut(rest, "}");
      text += name == "project" ? project : "1";
      path = behind;
    }
    return text;
  }
};

TASK_TEST_F(RightsTest, EveryPermissionIsOneThatWasDecided) {
  std::set<std::string> used;
  for (const auto& permission : around->router.permissions()) {
    used.emplace(permission.name);
    const auto rule = decided().find(permission.name);
    if (rule == decided().end()) {
      ADD_FAILURE() << permission.name << " is new: decide who has it, and put it down here";
      continue;
    }
    EXPECT_EQ(rule->second.least, permission.least) << permission.name;
    EXPECT_EQ(rule->second.scope, permission.scope) << permission.name;
    EXPECT_EQ(rule->second.deploying, permission.is_deploying) << permission.name;
  }
  for (const auto& [name, rule] : decided()) EXPECT_TRUE(used.contains(name)) << name;
  co_return;
}

// Whatever has a project in its path is about that project.
TASK_TEST_F(RightsTest, EveryRouteSaysWhoseProjectItIsAbout) {
  std::set<std::string> open;
  std::set<std::string> asking;
  for (const auto& route : around->router.routes()) {
    const auto line = route.method + " " + route.path;
    if (route.permission.scope == Scope::anyone) {
      open.insert(line);
      continue;
    }
    const bool names_one =
        route.path.find("/{project}/") != std::string::npos || route.path.ends_with("/{project}");
    EXPECT_EQ(route.permission.scope == Scope::project, names_one || route.checks_projects) << line;
    EXPECT_FALSE(names_one && route.checks_projects) << line;
    if (route.checks_projects) asking.insert(line);
  }
  EXPECT_EQ(open, open_routes());
  EXPECT_EQ(asking, lists());
  co_return;
}

TASK_TEST_F(RightsTest, EachCallerReachesExactlyWhatTheDecisionsSay) {
  std::size_t count = 0;
  for (const auto& who : callers) {
    for (const auto& route : router.routes()) {
      for (const auto* project : {"shop", "other", "absent"}) {
        if (project != std::string_view("shop") &&
            route.path.find("{project}") == std::string::npos) {
          continue;
        }
        const auto path = filled(route.path, project);
        const auto response = co_await send(router, who.key, route.method, path);
        EXPECT_EQ(response.status, who.expected(route, project))
            << who.name << ": " << route.method << " " << path << " (" << route.permission.name
            << ")";
        ++count;
      }
    }
  }
  EXPECT_GT(count, 1000U);
}

TASK_TEST_F(RightsTest, ListsShowWhatOneMaySee) {
  const auto both = AllOf(HasSubstr(R"("name":"shop")"), HasSubstr(R"("name":"other")"));
  const auto shop_only = AllOf(HasSubstr(R"("name":"shop")"), Not(HasSubstr(R"("name":"other")")));
  const std::string path = "/api/v1/projects";
  EXPECT_THAT((co_await ask("viewer", "GET", path)).body, both);
  EXPECT_THAT((co_await ask("granted-viewer", "GET", path)).body, shop_only);
  EXPECT_THAT((co_await ask("owner's key for shop", "GET", path)).body, shop_only);
  EXPECT_THAT((co_await ask("deployment token", "GET", path)).body, shop_only);
  EXPECT_EQ((co_await ask("guest", "GET", path)).body, R"({"items":[]})");
  EXPECT_EQ((co_await ask("owner's key: domains.write", "GET", path)).status, 403);
}

TASK_TEST_F(RightsTest, WhoeverMakesAProjectMayDeleteIt) {
  const std::string all = "/api/v1/projects";
  EXPECT_EQ((co_await ask("developer", "POST", all, R"({"name":"mine"})")).status, 201);
  EXPECT_EQ((co_await ask("developer", "DELETE", all + "/shop")).status, 403);
  EXPECT_EQ((co_await ask("viewer", "DELETE", all + "/mine")).status, 403);
  EXPECT_EQ((co_await ask("developer", "DELETE", all + "/mine")).status, 204);
  EXPECT_EQ((co_await ask("developer", "GET", all + "/mine")).status, 404);
}

TASK_TEST_F(RightsTest, GitObeysTheSameRights) {
  const auto fetch = [](std::string project) {
    return "/git/" + project + ".git/info/refs?service=git-upload-pack";
  };
  const auto push = [](std::string project) {
    return "/git/" + project + ".git/info/refs?service=git-receive-pack";
  };
  const auto anonymous = co_await ask("anonymous", "GET", fetch("shop"));
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_TRUE(anonymous.headers.find("www-authenticate").has_value());
  EXPECT_EQ((co_await ask("guest", "GET", fetch("shop"))).status, 404);
  EXPECT_EQ((co_await ask("granted-viewer", "GET", fetch("shop"))).status, 200);
  EXPECT_EQ((co_await ask("granted-viewer", "GET", fetch("other"))).status, 404);
  EXPECT_EQ((co_await ask("deployment token", "GET", fetch("shop"))).status, 200);
  EXPECT_EQ((co_await ask("deployment token", "GET", push("other"))).status, 404);
  EXPECT_THAT((co_await ask("viewer", "GET", push("shop"))).body,
              HasSubstr("ERR you may not push"));
  EXPECT_EQ((co_await ask("viewer", "POST", "/git/shop.git/git-receive-pack")).status, 403);
  EXPECT_EQ((co_await ask("owner's key: read", "POST", "/git/shop.git/git-receive-pack")).status,
            403);
  EXPECT_EQ((co_await ask("owner's key: domains.write", "GET", fetch("shop"))).status, 403);
}

}  // namespace
}  // namespace temps::app
