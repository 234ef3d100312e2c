import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";
import { noteLinking } from "@/lib/linking";
import { meQuery } from "@/lib/me/queries";

type Keys = Answer<"/api/v1/api-keys", "get">;
export type ApiKey = Keys["items"][number];
export type IssuedKey = Answer<"/api/v1/api-keys", "post">;
export type Session = Answer<"/api/v1/sessions", "get">["items"][number];
export type Enrolment = Answer<"/api/v1/me/second-factor", "post">;
export type RecoveryCodes = Answer<"/api/v1/me/second-factor/confirm", "post">;

const keys = {
  apiKeys: ["account", "api-keys"] as const,
  sessions: ["account", "sessions"] as const,
  factor: ["account", "second-factor"] as const,
  links: ["account", "login-links"] as const,
};

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: keys.apiKeys,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/api-keys", { query: { cursor: pageParam, limit: 50 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

export const sessionsQuery = infiniteQueryOptions({
  queryKey: keys.sessions,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/sessions", { query: { cursor: pageParam, limit: 50 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

export const factorQuery = queryOptions({
  queryKey: keys.factor,
  queryFn: ({ signal }) => api.get("/api/v1/me/second-factor", { signal }),
});

export const permissionsQuery = queryOptions({
  queryKey: ["account", "permissions"],
  queryFn: ({ signal }) => api.get("/api/v1/permissions", { signal }),
  staleTime: Infinity,
});

// What a key may be limited to.
export const projectNamesQuery = queryOptions({
  queryKey: ["account", "projects"],
  queryFn: async ({ signal }) => (await api.get("/api/v1/projects", { query: { limit: 100 }, signal })).items.map(({ name }) => name),
});

export function environmentNamesQuery(project: string) {
  return queryOptions({
    queryKey: ["account", "environments", project],
    queryFn: async ({ signal }) =>
      (await api.get("/api/v1/projects/{project}/environments", { path: { project }, signal })).items.map(({ name }) => name),
  });
}

function useChange<Answered, Variables>(change: (variables: Variables) => Promise<Answered>, changed: readonly (readonly string[])[]) {
  const client = useQueryClient();
  return useMutation<Answered, Problem, Variables>({
    mutationFn: change,
    onSuccess: () => Promise.all(changed.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export interface NewKey {
  name: string;
  expires_at?: string;
  scopes?: string[];
  project?: string;
  environment?: string;
}

export const useCreateKey = () => useChange((body: NewKey) => api.post("/api/v1/api-keys", { body }), [keys.apiKeys]);

export const useRevokeKey = () =>
  useChange((key: number) => api.delete("/api/v1/api-keys/{key}", { path: { key } }), [keys.apiKeys]);

export interface PasswordChange {
  current?: string; // nobody gives what they do not have
  password: string;
  revoke_api_keys: boolean;
}

export const useChangePassword = () =>
  useChange((body: PasswordChange) => api.put("/api/v1/me/password", { body }), [keys.apiKeys, keys.sessions, meQuery.queryKey]);

export const useEndSession = () =>
  useChange((session: number) => api.delete("/api/v1/sessions/{session}", { path: { session } }), [keys.sessions]);

export const useEndOtherSessions = () => useChange(() => api.delete("/api/v1/sessions"), [keys.sessions]);

// A secret protects nothing before it is confirmed: nothing has changed yet.
export const useEnrol = () =>
  useChange((body: { password: string }) => api.post("/api/v1/me/second-factor", { body }), []);

export const useConfirmFactor = () =>
  useChange((body: { code: string }) => api.post("/api/v1/me/second-factor/confirm", { body }), [keys.factor, keys.sessions]);

export interface Proof {
  password: string;
  code: string;
}

export const useRenewCodes = () =>
  useChange((body: Proof) => api.post("/api/v1/me/second-factor/recovery-codes", { body }), [keys.factor]);

export const useDisableFactor = () =>
  useChange((body: Proof) => api.post("/api/v1/me/second-factor/disable", { body }), [keys.factor, keys.sessions]);

export type LoginLink = Answer<"/api/v1/me/login-links", "get">["items"][number];

export const linksQuery = queryOptions({
  queryKey: keys.links,
  queryFn: ({ signal }) => api.get("/api/v1/me/login-links", { signal }),
});

export const loginOptionsQuery = queryOptions({
  queryKey: ["account", "login-options"],
  queryFn: ({ signal }) => api.get("/api/v1/login-options", { signal }),
});

// Leads away from the console, to the provider.
export const useBeginLink = () =>
  useChange(async (body: { provider: string; password: string; code?: string }) => {
    const { url } = await api.post("/api/v1/me/login-links", { body });
    noteLinking();
    location.assign(url);
  }, []);

export const useUnlink = () =>
  useChange((link: number) => api.delete("/api/v1/me/login-links/{link}", { path: { link } }), [keys.links]);
