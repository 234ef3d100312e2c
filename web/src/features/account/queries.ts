import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

type Keys = Answer<"/api/v1/api-keys", "get">;
export type ApiKey = Keys["items"][number];
export type IssuedKey = Answer<"/api/v1/api-keys", "post">;

const apiKeysKey = ["account", "api-keys"] as const;

export const accountQuery = queryOptions({
  queryKey: ["account", "me"],
  queryFn: ({ signal }) => api.get("/api/v1/me", { signal }),
});

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: apiKeysKey,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/api-keys", { query: { cursor: pageParam, limit: 50 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

export function useCreateKey() {
  const client = useQueryClient();
  return useMutation<IssuedKey, Problem, { name: string; expires_at?: string }>({
    mutationFn: (body) => api.post("/api/v1/api-keys", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysKey }),
  });
}

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation<unknown, Problem, number>({
    mutationFn: (key) => api.delete("/api/v1/api-keys/{key}", { path: { key } }),
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysKey }),
  });
}

export interface PasswordChange {
  current: string;
  password: string;
  revoke_api_keys: boolean;
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation<unknown, Problem, PasswordChange>({
    mutationFn: (body) => api.put("/api/v1/me/password", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysKey }),
  });
}
