import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

const path = "/api/v1/projects/{project}/environments/{environment}/variables";

export type Variables = Answer<typeof path, "get">;
export type Variable = Variables["variables"][number];
export type Kind = Variable["kind"];
export type Edited = Answer<typeof path, "patch">;
export type Version = Answer<"/api/v1/projects/{project}/environments/{environment}/variable-versions", "get">["items"][number];

export interface Place {
  project: string;
  environment: string;
}

export interface Change {
  set: Record<string, { value: string; kind?: Kind }>;
  remove: string[];
}

const keys = {
  of: ({ project, environment }: Place) => ["variables", project, environment] as const,
  list: ({ project, environment }: Place) => ["variables", project, environment, "list"] as const,
  versions: ({ project, environment }: Place) => ["variables", project, environment, "versions"] as const,
};

export function variablesQuery(place: Place) {
  return queryOptions({
    queryKey: keys.list(place),
    queryFn: ({ signal }) => api.get(path, { path: { ...place }, signal }),
  });
}

export function versionsQuery(place: Place) {
  return infiniteQueryOptions({
    queryKey: keys.versions(place),
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/v1/projects/{project}/environments/{environment}/variable-versions", {
        path: { ...place },
        query: { cursor: pageParam, limit: 10 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

// All of it, or nothing.
export function useChangeVariables(place: Place) {
  const client = useQueryClient();
  return useMutation<Edited, Problem, Change>({
    mutationFn: (body) => api.patch(path, { path: { ...place }, body }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.of(place) }),
        client.invalidateQueries({ queryKey: ["environments", place.project] }),
      ]),
  });
}

// The value, which is kept nowhere: whoever closes the page has to ask again, and each time is written down.
export function useReveal(place: Place) {
  return useMutation<{ value: string }, Problem, string>({
    mutationFn: (name) => api.post(`${path}/{name}/reveal`, { path: { ...place, name } }),
    gcTime: 0,
  });
}
