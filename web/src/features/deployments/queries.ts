import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { addressOf, api } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";
import { isUnderWay, type Deployment } from "@/lib/deployment-state";

const keys = {
  of: (project: string) => ["deployments", project] as const,
  list: (project: string) => ["deployments", project, "list"] as const,
  one: (project: string, number: number) => ["deployments", project, "one", number] as const,
};

const freshEvery = 5000;
const freshUnderWayEvery = 1500;

export function deploymentsQuery(project: string) {
  return infiniteQueryOptions({
    queryKey: keys.list(project),
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/v1/projects/{project}/deployments", {
        path: { project },
        query: { cursor: pageParam, limit: 25 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: freshEvery,
  });
}

export function deploymentQuery(project: string, number: number) {
  return queryOptions({
    queryKey: keys.one(project, number),
    queryFn: ({ signal }) =>
      api.get("/api/v1/projects/{project}/deployments/{number}", { path: { project, number }, signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? freshUnderWayEvery : freshEvery),
  });
}

export function logAddress(project: string, number: number): string {
  return addressOf("/api/v1/projects/{project}/deployments/{number}/log/events", { path: { project, number } });
}

function useDeploymentsChange<Wish>(project: string, change: (wish: Wish) => Promise<Deployment>) {
  const client = useQueryClient();
  return useMutation<Deployment, Problem, Wish>({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.of(project) }),
        client.invalidateQueries({ queryKey: ["projects"] }),
      ]),
  });
}

export function useRedeploy(project: string) {
  return useDeploymentsChange<void>(project, () =>
    api.post("/api/v1/projects/{project}/redeploy", { path: { project } }),
  );
}

// `to`: a deployment's number.
export function useRollBack(project: string) {
  return useDeploymentsChange<number>(project, (to) =>
    api.post("/api/v1/projects/{project}/rollback", { path: { project }, body: { to } }),
  );
}
