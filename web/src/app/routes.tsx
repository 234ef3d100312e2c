// Every page of the console: its path, and the chunk that holds it. Paths on the top level stand in
// paths.json as well, so that the server knows them.
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";

import { Problem } from "@/lib/api/problem";
import { Toasts } from "@/ui/toast";
import { queryClient } from "@/app/query-client";
import { Shell } from "@/app/shell";
import { meQuery, setupQuery } from "@/features/session/queries";

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

// Everything behind the login.
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      const { needed } = await queryClient.fetchQuery(setupQuery);
      if (needed) throw redirect({ to: "/setup" });
      throw redirect({ to: "/login", search: location.href === "/" ? {} : { return: location.href } });
    }
  },
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
  staticData: { command: "Proxy" },
  component: lazyRouteComponent(() => import("@/features/proxy/proxy-page"), "ProxyPage"),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  staticData: { command: "Your account" },
  component: lazyRouteComponent(() => import("@/features/account/account-page"), "AccountPage"),
});

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
] as const;

export const routeTree = root.addChildren([
  login,
  setup,
  gallery,
  shell.addChildren([projects, proxy, account, project.addChildren(projectPages)]),
]);
