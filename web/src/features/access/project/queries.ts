import { queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { ProjectRole } from "@/lib/roles";
import { useChange } from "@/features/access/queries";

export type Grant = Answer<"/api/v1/projects/{project}/grants", "get">["items"][number];
export type DeploymentToken = Answer<"/api/v1/projects/{project}/tokens", "get">["items"][number];

export function grantsQuery(project: string) {
  return queryOptions({
    queryKey: ["access", "grants", project],
    queryFn: ({ signal }) => api.get("/api/v1/projects/{project}/grants", { path: { project }, signal }),
  });
}

export function tokensQuery(project: string) {
  return queryOptions({
    queryKey: ["access", "tokens", project],
    queryFn: ({ signal }) => api.get("/api/v1/projects/{project}/tokens", { path: { project }, signal }),
  });
}

export function environmentNamesQuery(project: string) {
  return queryOptions({
    queryKey: ["access", "environments", project],
    queryFn: async ({ signal }) =>
      (await api.get("/api/v1/projects/{project}/environments", { path: { project }, signal })).items.map(({ name }) => name),
  });
}

export interface NewGrant {
  email?: string;
  team?: string;
  role: ProjectRole;
}

export const usePutGrant = (project: string) =>
  useChange((body: NewGrant) => api.put("/api/v1/projects/{project}/grants", { path: { project }, body }));

export const useRemoveGrant = (project: string) =>
  useChange((grant: number) => api.delete("/api/v1/projects/{project}/grants/{grant}", { path: { project, grant } }));

export interface NewToken {
  name: string;
  environment?: string;
  expires_at?: string;
}

export const useCreateToken = (project: string) =>
  useChange((body: NewToken) => api.post("/api/v1/projects/{project}/tokens", { path: { project }, body }));

export const useRevokeToken = (project: string) =>
  useChange((token: number) => api.delete("/api/v1/projects/{project}/tokens/{token}", { path: { project, token } }));
