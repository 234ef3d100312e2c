import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";
import type { NewProvider } from "@/features/oidc/draft";

export type Provider = Answer<"/api/v1/login-providers", "get">["items"][number];
export type Found = Answer<"/api/v1/login-provider-checks", "post">;

const keys = { providers: ["login-providers"] as const };

export const providersQuery = queryOptions({
  queryKey: keys.providers,
  queryFn: ({ signal }) => api.get("/api/v1/login-providers", { signal }),
});

function useChange<Wish>(change: (wish: Wish) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation<unknown, Problem, Wish>({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.providers }),
  });
}

export const useAddProvider = () => useChange((body: NewProvider) => api.post("/api/v1/login-providers", { body }));

export const useRemoveProvider = () =>
  useChange((provider: string) => api.delete("/api/v1/login-providers/{provider}", { path: { provider } }));

// Asks the issuer, and changes nothing.
export function useCheckIssuer() {
  return useMutation<Found, Problem, string>({
    mutationFn: (issuer) => api.post("/api/v1/login-provider-checks", { body: { issuer } }),
  });
}
