import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";
import type { RoleName } from "@/lib/roles";

export type User = Answer<"/api/v1/users", "get">["items"][number];
export type Invitation = Answer<"/api/v1/invitations", "get">["items"][number];
export type ServiceAccount = Answer<"/api/v1/service-accounts", "get">["items"][number];
export type ServiceKey = Answer<"/api/v1/service-accounts/{account}/api-keys", "get">["items"][number];

const keys = {
  all: ["access"] as const,
  users: ["access", "users"] as const,
  services: ["access", "services"] as const,
  serviceKeys: (account: number) => ["access", "service-keys", account] as const,
  invitations: ["access", "invitations"] as const,
};

export const usersQuery = infiniteQueryOptions({
  queryKey: keys.users,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/users", { query: { cursor: pageParam, limit: 100 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

export const servicesQuery = queryOptions({
  queryKey: keys.services,
  queryFn: ({ signal }) => api.get("/api/v1/service-accounts", { signal }),
});

export function serviceKeysQuery(account: number) {
  return infiniteQueryOptions({
    queryKey: keys.serviceKeys(account),
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/v1/service-accounts/{account}/api-keys", { path: { account }, query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

export const invitationsQuery = queryOptions({
  queryKey: keys.invitations,
  queryFn: ({ signal }) => api.get("/api/v1/invitations", { signal }),
});

// What may be granted: on which projects.
export const projectNamesQuery = queryOptions({
  queryKey: ["access", "projects"],
  queryFn: async ({ signal }) => (await api.get("/api/v1/projects", { query: { limit: 100 }, signal })).items.map(({ name }) => name),
});

// Rights hang together: whoever leaves takes memberships and grants along.
export function useChange<Answered, Variables>(change: (variables: Variables) => Promise<Answered>) {
  const client = useQueryClient();
  return useMutation<Answered, Problem, Variables>({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export interface UserChange {
  user: number;
  role?: RoleName;
  password?: string;
}

export const useChangeUser = () =>
  useChange(({ user, ...body }: UserChange) => api.patch("/api/v1/users/{user}", { path: { user }, body }));

export const useRemoveUser = () => useChange((user: number) => api.delete("/api/v1/users/{user}", { path: { user } }));

export const useResetFactor = () =>
  useChange((user: number) => api.delete("/api/v1/users/{user}/second-factor", { path: { user } }));

export const useCreateService = () =>
  useChange((body: { name: string; role: RoleName }) => api.post("/api/v1/service-accounts", { body }));

export interface NewServiceKey {
  name: string;
  scopes?: string[];
  expires_at?: string;
}

export const useCreateServiceKey = (account: number) =>
  useChange((body: NewServiceKey) => api.post("/api/v1/service-accounts/{account}/api-keys", { path: { account }, body }));

export const useRevokeServiceKey = (account: number) =>
  useChange((key: number) => api.delete("/api/v1/service-accounts/{account}/api-keys/{key}", { path: { account, key } }));

export interface NewInvitation {
  email: string;
  role: RoleName;
  grants: { project: string; role: "viewer" | "developer" | "admin" }[];
  teams: number[];
}

export const useInvite = () => useChange((body: NewInvitation) => api.post("/api/v1/invitations", { body }));

export const useRevokeInvitation = () =>
  useChange((invitation: number) => api.delete("/api/v1/invitations/{invitation}", { path: { invitation } }));

// What a link is for. The token is kept out of addresses, which end up in logs.
export function offerQuery(token: string) {
  return queryOptions({
    queryKey: ["access", "offer", token],
    queryFn: ({ signal }) => api.get("/api/v1/invitations/by-token", { headers: { "Invitation-Token": token }, signal }),
    retry: false,
    refetchOnWindowFocus: false,
  });
}

// Makes the account and logs in with it.
export function useAcceptInvitation() {
  const client = useQueryClient();
  return useMutation<unknown, Problem, { token: string; password: string }>({
    mutationFn: (body) => api.post("/api/v1/invitations/accept", { body }),
    onSuccess: () => client.clear(),
  });
}
