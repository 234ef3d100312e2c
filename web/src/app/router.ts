import { createRouter } from "@tanstack/react-router";

import { onSessionEnd } from "@/lib/api/session-end";
import { meQuery } from "@/lib/me/queries";
import { queryClient } from "@/app/query-client";
import { routeTree } from "@/app/routes";
import { Failed, Loading, NotFound } from "@/app/trouble";

// Plain texts: the default would make a number of ?contains=404.
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== "") written.set(name, String(value));
  }
  return written.size > 0 ? `?${written}` : "";
}

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingComponent: Loading,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Failed,
  defaultPendingMs: 150,
  scrollRestoration: true,
});

// A session that ends while the console is open: to the login, and back from there.
onSessionEnd(() => {
  if (!queryClient.getQueryData(meQuery.queryKey)) return;
  queryClient.clear();
  void router.navigate({ to: "/login", search: { return: router.state.location.href, expired: "1" } });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    command?: string; // what the command palette calls the page
  }
}
