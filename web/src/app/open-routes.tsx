// The pages without the shell: those before the login, and single questions.
import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from "@tanstack/react-router";

import { texts } from "@/lib/search-texts";
import { Toasts } from "@/ui/toast";
import { requireLogin } from "@/app/require-login";

export const root = createRootRoute({
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

// Where a login provider sends people back to. What it says stands in the address, and is read there.
const callback = createRoute({
  getParentRoute: () => root,
  path: "/login/callback/$provider",
  component: lazyRouteComponent(() => import("@/features/session/callback-page"), "CallbackPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: texts("token", "step"),
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

const gallery = createRoute({
  getParentRoute: () => root,
  path: "/gallery",
  component: lazyRouteComponent(() => import("@/features/gallery/gallery-page"), "GalleryPage"),
});

export const openRoutes = [login, callback, setup, invite, reset, device, gallery] as const;
