// Where a project's code and images come from, when nobody pushes or uploads: asked by the pages of a project's settings
// and by the way to a new project.
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, type Answer, type Parts } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";

const sourcePath = "/api/v1/projects/{project}/source";
const registriesPath = "/api/v1/projects/{project}/registries";

export type Source = Answer<typeof sourcePath, "get">;
export type SourceWish = Parts<typeof sourcePath, "put">["body"];
export type SourceCheck = Answer<"/api/v1/projects/{project}/source/check", "post">;
export type Registry = Answer<typeof registriesPath, "get">["items"][number];

export interface SourcePlace {
  project: string;
  environment: string;
}

const keys = {
  source: (project: string) => ["sources", "source", project] as const,
  registries: (project: string) => ["sources", "registries", project] as const,
};

// Null where the project has none.
export function sourceQuery(project: string) {
  return queryOptions({
    queryKey: keys.source(project),
    queryFn: async ({ signal }): Promise<Source | null> => {
      try {
        return await api.get(sourcePath, { path: { project }, signal });
      } catch (error) {
        if (error instanceof Problem && error.code === "sources.no_repository") return null;
        throw error;
      }
    },
  });
}

export function useSource(project: string) {
  return useQuery(sourceQuery(project));
}

export function useSetSource(project: string) {
  const client = useQueryClient();
  return useMutation<Source, Problem, SourceWish>({
    mutationFn: (body) => api.put(sourcePath, { path: { project }, body }),
    onSuccess: (source) => {
      client.setQueryData(keys.source(project), source);
      void client.invalidateQueries({ queryKey: ["projects", "settings", project] });
    },
  });
}

export function useRemoveSource(project: string) {
  const client = useQueryClient();
  return useMutation<unknown, Problem, void>({
    mutationFn: () => api.delete(sourcePath, { path: { project } }),
    onSuccess: () => client.setQueryData(keys.source(project), null),
  });
}

export function useRenewKey(project: string) {
  const client = useQueryClient();
  return useMutation<Source, Problem, void>({
    mutationFn: () => api.post("/api/v1/projects/{project}/source/deploy-key", { path: { project } }),
    onSuccess: (source) => client.setQueryData(keys.source(project), source),
  });
}

export function useCheckSource({ project, environment }: SourcePlace) {
  return useMutation<SourceCheck, Problem, void>({
    mutationFn: () => api.post("/api/v1/projects/{project}/source/check", { path: { project }, query: { environment } }),
  });
}

export function useDeploySource({ project, environment }: SourcePlace) {
  const client = useQueryClient();
  return useMutation<{ number: number }, Problem, void>({
    mutationFn: () => api.post("/api/v1/projects/{project}/deployments/repository", { path: { project }, query: { environment } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
}

export function useDeployImage({ project, environment }: SourcePlace) {
  const client = useQueryClient();
  return useMutation<{ number: number }, Problem, string>({
    mutationFn: (image) =>
      api.post("/api/v1/projects/{project}/deployments/image", { path: { project }, query: { environment }, body: { image } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
}

export function registriesQuery(project: string) {
  return queryOptions({
    queryKey: keys.registries(project),
    queryFn: ({ signal }) => api.get(registriesPath, { path: { project }, signal }),
  });
}

export function useSetRegistry(project: string) {
  const client = useQueryClient();
  return useMutation<Registry, Problem, { host: string; user: string; password: string }>({
    mutationFn: (body) => api.put(registriesPath, { path: { project }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.registries(project) }),
  });
}

export function useRemoveRegistry(project: string) {
  const client = useQueryClient();
  return useMutation<unknown, Problem, string>({
    mutationFn: (host) => api.delete("/api/v1/projects/{project}/registries/{host}", { path: { project, host } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.registries(project) }),
  });
}
