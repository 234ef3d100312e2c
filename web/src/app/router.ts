import { createRouter } from "@tanstack/react-router";

import { onFactorRequired, onSessionEnd } from "@/lib/api/session-end";
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

// A session that ends on a page outside the shell, which asks for the login by itself: to the login, and back from there.
onSessionEnd(() => {
  const isInShell = router.state.matches.some(({ routeId }) => routeId === "/shell");
  if (isInShell || !queryClient.getQueryData(meQuery.queryKey)) return;
  queryClient.clear();
  void router.navigate({ to: "/login", search: { return: router.state.location.href, expired: "1" } });
});

// Where everybody needs a second factor, nothing else is answered before.
onFactorRequired(() => {
  if (router.state.location.pathname !== "/account/security") void router.navigate({ to: "/account/security", search: { required: "1" } });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    command?: string; // what the command palette calls the page
    permission?: string; // without it, the palette does not offer the page
  }
}
