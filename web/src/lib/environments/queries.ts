import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type Environment = Answer<"/api/v1/projects/{project}/environments/{environment}", "get">;

const keys = {
  of: (project: string) => ["environments", project] as const,
  list: (project: string) => ["environments", project, "list"] as const,
  one: (project: string, environment: string) => ["environments", project, "one", environment] as const,
};
const freshEvery = 5000;

// 50 at most, on one page.
export function environmentsQuery(project: string) {
  return queryOptions({
    queryKey: keys.list(project),
    queryFn: ({ signal }) => api.get("/api/v1/projects/{project}/environments", { path: { project }, signal }),
    refetchInterval: freshEvery,
  });
}

export function environmentQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: keys.one(project, environment),
    queryFn: ({ signal }) =>
      api.get("/api/v1/projects/{project}/environments/{environment}", { path: { project, environment }, signal }),
    refetchInterval: freshEvery,
  });
}

export interface NewEnvironment {
  name: string;
  branch?: string;
}

export function useCreateEnvironment(project: string) {
  const client = useQueryClient();
  return useMutation<Environment, Problem, NewEnvironment>({
    mutationFn: (body) => api.post("/api/v1/projects/{project}/environments", { path: { project }, body }),
    onSuccess: (made) => {
      client.setQueryData(keys.one(project, made.name), made);
      return client.invalidateQueries({ queryKey: keys.of(project) });
    },
  });
}

export function useDeleteEnvironment(project: string) {
  const client = useQueryClient();
  return useMutation<unknown, Problem, string>({
    mutationFn: (environment) =>
      api.delete("/api/v1/projects/{project}/environments/{environment}", { path: { project, environment } }),
    onSuccess: (_, environment) => {
      client.removeQueries({ queryKey: keys.one(project, environment) });
      return client.invalidateQueries({ queryKey: keys.list(project) });
    },
  });
}

// Starts the live release anew with the newest variables, without a build.
export function useRestart(project: string, environment: string) {
  const client = useQueryClient();
  return useMutation<{ number: number }, Problem>({
    mutationFn: () => api.post("/api/v1/projects/{project}/restart", { path: { project }, query: { environment } }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.of(project) }),
        client.invalidateQueries({ queryKey: ["deployments", project] }),
      ]),
  });
}
