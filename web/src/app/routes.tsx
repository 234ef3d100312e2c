// Every page of the console: its path, and the chunk that holds it. Paths on the top level stand in
// paths.json as well, so that the server knows them.
import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";

import { readEnvironment, type EnvironmentSearch } from "@/lib/environments/chosen";
import { texts } from "@/lib/search-texts";
import { openRoutes, root } from "@/app/open-routes";
import { requireLogin } from "@/app/require-login";
import { Shell } from "@/app/shell";
import { filterNames } from "@/features/audit/filters";

// Everything else behind the login.
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: requireLogin,
});

const projects = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: texts("find", "order"),
  staticData: { command: "Projects" },
  component: lazyRouteComponent(() => import("@/features/projects/projects-page"), "ProjectsPage"),
});

const newProject = createRoute({
  getParentRoute: () => shell,
  path: "/new",
  validateSearch: texts("project", "source"),
  staticData: { command: "New project" },
  component: lazyRouteComponent(() => import("@/features/projects/new-page"), "NewPage"),
});

const machine = createRoute({
  getParentRoute: () => shell,
  path: "/machine",
  validateSearch: texts("jobs"),
  staticData: { command: "Machine" },
  component: lazyRouteComponent(() => import("@/features/machine/machine-page"), "MachinePage"),
});

const proxy = createRoute({
  getParentRoute: () => shell,
  path: "/proxy",
  staticData: { command: "Proxy", permission: "gateway.read" },
  component: lazyRouteComponent(() => import("@/features/proxy/proxy-page"), "ProxyPage"),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  component: lazyRouteComponent(() => import("@/app/account-frame"), "AccountFrame"),
});

const accountPages = [
  createRoute({
    getParentRoute: () => account,
    path: "/",
    staticData: { command: "Your account" },
    component: lazyRouteComponent(() => import("@/features/account/profile-page"), "ProfilePage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/security",
    staticData: { command: "Second factor" },
    validateSearch: texts("required"),
    component: lazyRouteComponent(() => import("@/features/account/security-page"), "SecurityPage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/sessions",
    staticData: { command: "Your sessions" },
    component: lazyRouteComponent(() => import("@/features/account/sessions-page"), "SessionsPage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/keys",
    staticData: { command: "API keys" },
    component: lazyRouteComponent(() => import("@/features/account/keys-page"), "KeysPage"),
  }),
] as const;

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/app/settings-frame"), "SettingsFrame"),
});

const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: "/",
    component: lazyRouteComponent(() => import("@/app/settings-frame"), "SettingsStart"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/certificates",
    staticData: { command: "Certificates", permission: "certificates.read" },
    component: lazyRouteComponent(() => import("@/features/certificates/certificates-page"), "CertificatesPage"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/platform",
    validateSearch: texts("setting", "only"),
    staticData: { command: "Platform: addresses, DNS providers, settings", permission: "certificates.read" },
    component: lazyRouteComponent(() => import("@/app/platform-page"), "PlatformPage"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/members",
    staticData: { command: "Members", permission: "users.manage" },
    component: lazyRouteComponent(() => import("@/features/access/members-page"), "MembersPage"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/teams",
    staticData: { command: "Teams", permission: "teams.read" },
    component: lazyRouteComponent(() => import("@/features/access/teams-page"), "TeamsPage"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/invitations",
    staticData: { command: "Invitations", permission: "invitations.manage" },
    component: lazyRouteComponent(() => import("@/features/access/invitations-page"), "InvitationsPage"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/login-providers",
    staticData: { command: "Login providers", permission: "login_providers.manage" },
    component: lazyRouteComponent(() => import("@/features/oidc/providers-page"), "ProvidersPage"),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/audit",
    staticData: { command: "Audit log", permission: "audit.read" },
    validateSearch: texts(...filterNames),
    component: lazyRouteComponent(() => import("@/features/audit/audit-page"), "AuditPage"),
  }),
] as const;

const project = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project",
  validateSearch: (search: Record<string, unknown>): EnvironmentSearch => readEnvironment(search),
  // Whoever looks at an environment goes on looking at it on the next page.
  search: { middlewares: [retainSearchParams(["environment"])] },
  component: lazyRouteComponent(() => import("@/app/project-frame"), "ProjectFrame"),
});

const projectPages = [
  createRoute({
    getParentRoute: () => project,
    path: "/",
    component: lazyRouteComponent(() => import("@/features/projects/overview-page"), "OverviewPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/deployments",
    component: lazyRouteComponent(() => import("@/features/deployments/deployments-page"), "DeploymentsPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/deployments/$number",
    component: lazyRouteComponent(() => import("@/features/deployments/deployment-page"), "DeploymentPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/logs",
    validateSearch: texts("contains", "stream", "deployment", "since"),
    component: lazyRouteComponent(() => import("@/features/logs/logs-page"), "LogsPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/requests",
    validateSearch: texts("status", "path", "since"),
    component: lazyRouteComponent(() => import("@/features/requests/requests-page"), "RequestsPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/variables",
    component: lazyRouteComponent(() => import("@/features/variables/variables-page"), "VariablesPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/domains",
    component: lazyRouteComponent(() => import("@/features/domains/domains-page"), "DomainsPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/settings",
    component: lazyRouteComponent(() => import("@/features/projects/settings-page"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/access",
    component: lazyRouteComponent(() => import("@/features/access/project-access-page"), "ProjectAccessPage"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/settings/$section",
    component: lazyRouteComponent(() => import("@/features/projects/settings-page"), "SettingsPage"),
  }),
] as const;

export const routeTree = root.addChildren([
  ...openRoutes,
  shell.addChildren([
    projects,
    newProject,
    proxy,
    machine,
    account.addChildren(accountPages),
    settings.addChildren(settingsPages),
    project.addChildren(projectPages),
  ]),
]);
