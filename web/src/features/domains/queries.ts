import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type Domain = Answer<"/api/v1/projects/{project}/domains/{domain}", "get">;

export interface NewDomain {
  name: string;
  environment: string;
  redirect_to?: string;
}

const domainsKey = (project: string) => ["domains", project] as const;
const freshEvery = 5000;

export function domainsQuery(project: string) {
  return infiniteQueryOptions({
    queryKey: domainsKey(project),
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/v1/projects/{project}/domains", { path: { project }, query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: freshEvery,
  });
}

function useDomainsChange<Wish, Result>(project: string, change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation<Result, Problem, Wish>({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: domainsKey(project) }),
  });
}

export function useAddDomain(project: string) {
  return useDomainsChange<NewDomain, Domain>(project, (body) =>
    api.post("/api/v1/projects/{project}/domains", { path: { project }, body }),
  );
}

export function useCheckDomain(project: string) {
  return useDomainsChange<string, Domain>(project, (domain) =>
    api.post("/api/v1/projects/{project}/domains/{domain}/check", { path: { project, domain } }),
  );
}

export function useRemoveDomain(project: string) {
  return useDomainsChange<string, unknown>(project, (domain) =>
    api.delete("/api/v1/projects/{project}/domains/{domain}", { path: { project, domain } }),
  );
}
