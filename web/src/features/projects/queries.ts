import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type Project = Answer<"/api/v1/projects/{project}", "get">;

const keys = {
  all: ["projects"] as const,
  list: ["projects", "list"] as const,
  one: (project: string) => ["projects", "one", project] as const,
};

const freshEvery = 5000;

export const projectsQuery = infiniteQueryOptions({
  queryKey: keys.list,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/projects", { query: { cursor: pageParam, limit: 100 }, signal }),
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
