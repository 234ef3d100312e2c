import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

type Settings = Answer<"/api/v1/projects/{project}/settings", "get">;
export type Variables = Settings["build_arguments"];

const settingsKey = (project: string) => ["settings", project] as const;

export function settingsQuery(project: string) {
  return queryOptions({
    queryKey: settingsKey(project),
    queryFn: ({ signal }) => api.get("/api/v1/projects/{project}/settings", { path: { project }, signal }),
  });
}

// Those named here change; an empty value takes one away.
export function useChangeVariables(project: string) {
  const client = useQueryClient();
  return useMutation<Settings, Problem, Variables>({
    mutationFn: (changes) =>
      api.patch("/api/v1/projects/{project}/settings", { path: { project }, body: { build_arguments: changes } }),
    onSuccess: (settings) => client.setQueryData(settingsKey(project), settings),
  });
}
