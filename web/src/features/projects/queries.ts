import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { addressOf, api, type Answer, type Parts } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type Project = Answer<"/api/v1/projects/{project}", "get">;

const keys = {
  all: ["projects"] as const,
  list: ["projects", "list"] as const,
  one: (project: string) => ["projects", "one", project] as const,
  settings: ({ project, environment }: Place) => ["projects", "settings", project, environment] as const,
};

const freshEvery = 5000;

export const projectsQuery = infiniteQueryOptions({
  queryKey: keys.list,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/projects", { query: { cursor: pageParam, limit: 200 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
  refetchInterval: freshEvery,
});

export function projectQuery(project: string) {
  return queryOptions({
    queryKey: keys.one(project),
    queryFn: ({ signal }) => api.get("/api/v1/projects/{project}", { path: { project }, signal }),
    refetchInterval: freshEvery,
  });
}

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation<Project, Problem, string>({
    mutationFn: (name) => api.post("/api/v1/projects", { body: { name } }),
    onSuccess: (project) => {
      client.setQueryData(keys.one(project.name), project);
      return client.invalidateQueries({ queryKey: keys.list });
    },
  });
}

export type Settings = Answer<"/api/v1/projects/{project}/settings", "get">;
export type SettingsChange = Parts<"/api/v1/projects/{project}/settings", "patch">["body"];

export interface Place {
  project: string;
  environment: string;
}

const settingsPath = "/api/v1/projects/{project}/environments/{environment}/settings";

export function settingsQuery(place: Place) {
  return queryOptions({
    queryKey: keys.settings(place),
    queryFn: ({ signal }) => api.get(settingsPath, { path: { ...place }, signal }),
  });
}

export function useChangeSettings(place: Place) {
  const client = useQueryClient();
  return useMutation<Settings, Problem, SettingsChange>({
    mutationFn: (body) => api.patch(settingsPath, { path: { ...place }, body }),
    onSuccess: (settings) => {
      client.setQueryData(keys.settings(place), settings);
      return client.invalidateQueries({ queryKey: ["environments", place.project] });
    },
  });
}

// Apps that come with the server.
export function useDeployExample() {
  const client = useQueryClient();
  return useMutation<{ number: number }, Problem, { project: string; name: "node" | "static" }>({
    mutationFn: ({ project, name }) =>
      api.post("/api/v1/projects/{project}/deployments/example", { path: { project }, body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

// After what was sent without a mutation.
export function useProjectsChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: keys.all });
}

export function uploadAddress(project: string): string {
  return addressOf("/api/v1/projects/{project}/deployments", {
    path: { project },
    query: { message: "an upload from the console" },
  });
}

export function useDeleteProject() {
  const client = useQueryClient();
  return useMutation<unknown, Problem, string>({
    mutationFn: (project) => api.delete("/api/v1/projects/{project}", { path: { project } }),
    onSuccess: (_, project) => {
      client.removeQueries({ queryKey: keys.one(project) });
      return client.invalidateQueries({ queryKey: keys.list });
    },
  });
}
