// Every page of the console: its path, and the chunk that holds it. Paths on the top level stand in
// paths.json as well, so that the server knows them.
import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from "@tanstack/react-router";

import { Toasts } from "@/ui/toast";
import { requireLogin } from "@/app/require-login";
import { texts } from "@/app/search";
import { Shell } from "@/app/shell";
import { filterNames } from "@/features/audit/filters";

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { return?: string; expired?: string } => ({
    ...(typeof search.return === "string" && { return: search.return }),
    ...(search.expired === "1" && { expired: "1" }),
  }),
  component: lazyRouteComponent(() => import("@/features/session/login-page"), "LoginPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({
    ...(typeof search.token === "string" && { token: search.token }),
  }),
  component: lazyRouteComponent(() => import("@/features/session/setup-page"), "SetupPage"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  component: lazyRouteComponent(() => import("@/features/access/invite-page"), "InvitePage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("@/features/session/reset-page"), "ResetPage"),
});

// Behind the login, but without the shell: one question, one answer.
const device = createRoute({
  getParentRoute: () => root,
  path: "/device",
  beforeLoad: requireLogin,
  validateSearch: texts("code"),
  component: lazyRouteComponent(() => import("@/features/devices/device-page"), "DevicePage"),
});

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
  staticData: { command: "Projects" },
  component: lazyRouteComponent(() => import("@/features/projects/projects-page"), "ProjectsPage"),
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
    path: "/audit",
    staticData: { command: "Audit log", permission: "audit.read" },
    validateSearch: texts(...filterNames),
    component: lazyRouteComponent(() => import("@/features/audit/audit-page"), "AuditPage"),
  }),
] as const;

const gallery = createRoute({
  getParentRoute: () => root,
  path: "/gallery",
  component: lazyRouteComponent(() => import("@/features/gallery/gallery-page"), "GalleryPage"),
});

const project = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$project",
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
    validateSearch: (search: Record<string, unknown>): { contains?: string } => ({
      ...(typeof search.contains === "string" && { contains: search.contains }),
    }),
    component: lazyRouteComponent(() => import("@/features/logs/logs-page"), "LogsPage"),
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
] as const;

export const routeTree = root.addChildren([
  login,
  setup,
  invite,
  reset,
  device,
  gallery,
  shell.addChildren([
    projects,
    proxy,
    account.addChildren(accountPages),
    settings.addChildren(settingsPages),
    project.addChildren(projectPages),
  ]),
]);
