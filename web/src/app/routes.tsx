// Every page of the console: its path, and the chunk that holds it. Paths on the top level stand in
// paths.json as well, so that the server knows them.
import {
  createRootRoute,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";

import { Problem } from "@/lib/api/problem";
import { readEnvironment, type EnvironmentSearch } from "@/lib/environments/chosen";
import { meQuery } from "@/lib/me/queries";
import { Toasts } from "@/ui/toast";
import { queryClient } from "@/app/query-client";
import { Shell } from "@/app/shell";
import { setupQuery } from "@/features/session/queries";

// What a page keeps in the address: these texts, where they are given.
function texts<Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): Partial<Record<Name, string>> => {
    const found: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === "string" && value !== "") found[name] = value;
    }
    return found;
  };
}

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
  validateSearch: texts("token", "step"),
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

const certificates = createRoute({
  getParentRoute: () => shell,
  path: "/settings/certificates",
  staticData: { command: "Certificates and DNS providers" },
  component: lazyRouteComponent(() => import("@/features/certificates/certificates-page"), "CertificatesPage"),
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
    path: "/settings/$section",
    component: lazyRouteComponent(() => import("@/features/projects/settings-page"), "SettingsPage"),
  }),
] as const;

export const routeTree = root.addChildren([
  login,
  setup,
  gallery,
  shell.addChildren([projects, newProject, proxy, machine, certificates, account, project.addChildren(projectPages)]),
]);
