import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { addressOf, api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";
import { isUnderWay, type Deployment } from "@/lib/deployment-state";

// Where deployments are: numbers count in each environment.
export interface Place {
  project: string;
  environment: string;
}

const keys = {
  of: (project: string) => ["deployments", project] as const,
  list: ({ project, environment }: Place) => ["deployments", project, environment, "list"] as const,
  one: ({ project, environment }: Place, number: number) => ["deployments", project, environment, "one", number] as const,
  split: ({ project, environment }: Place) => ["deployments", project, environment, "split"] as const,
};

const freshEvery = 5000;
const freshUnderWayEvery = 1500;

export function deploymentsQuery(place: Place) {
  const { project, environment } = place;
  return infiniteQueryOptions({
    queryKey: keys.list(place),
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/v1/projects/{project}/deployments", {
        path: { project },
        query: { environment, cursor: pageParam, limit: 25 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: freshEvery,
  });
}

export function deploymentQuery(place: Place, number: number) {
  const { project, environment } = place;
  return queryOptions({
    queryKey: keys.one(place, number),
    queryFn: ({ signal }) =>
      api.get("/api/v1/projects/{project}/deployments/{number}", {
        path: { project, number },
        query: { environment },
        signal,
      }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? freshUnderWayEvery : freshEvery),
  });
}

export function logAddress({ project, environment }: Place, number: number): string {
  return addressOf("/api/v1/projects/{project}/deployments/{number}/log/events", {
    path: { project, number },
    query: { environment },
  });
}

function useDeploymentsChange<Wish, Result = Deployment>(project: string, change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation<Result, Problem, Wish>({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.of(project) }),
        client.invalidateQueries({ queryKey: ["projects"] }),
        client.invalidateQueries({ queryKey: ["environments", project] }),
      ]),
  });
}

export function useRedeploy({ project, environment }: Place) {
  return useDeploymentsChange<void>(project, () =>
    api.post("/api/v1/projects/{project}/redeploy", { path: { project }, query: { environment } }),
  );
}

export function useCancel({ project, environment }: Place) {
  return useDeploymentsChange<number>(project, (number) =>
    api.post("/api/v1/projects/{project}/deployments/{number}/cancel", { path: { project, number }, query: { environment } }),
  );
}

export interface RollbackWish {
  to: number; // a deployment's number
  variables: "of_release" | "newest";
}

export function useRollBack({ project, environment }: Place) {
  return useDeploymentsChange<RollbackWish>(project, (body) =>
    api.post("/api/v1/projects/{project}/rollback", { path: { project }, query: { environment }, body }),
  );
}

export type Split = Answer<"/api/v1/projects/{project}/split", "get">;
export type SplitPart = Split["releases"][number];

export function splitQuery(place: Place) {
  const { project, environment } = place;
  return queryOptions({
    queryKey: keys.split(place),
    queryFn: ({ signal }) => api.get("/api/v1/projects/{project}/split", { path: { project }, query: { environment }, signal }),
    refetchInterval: ({ state }) => (isBeingMade(state.data) ? freshUnderWayEvery : freshEvery),
  });
}

export function isBeingMade(split: Split | undefined): boolean {
  const status = split?.attempt?.status;
  return status === "waiting" || status === "running";
}

export function useSetSplit({ project, environment }: Place) {
  return useDeploymentsChange<SplitPart[], Split>(project, (releases) =>
    api.put("/api/v1/projects/{project}/split", { path: { project }, query: { environment }, body: { releases } }),
  );
}

// `keep`: a deployment's number.
export function useEndSplit({ project, environment }: Place) {
  return useDeploymentsChange<number | undefined, unknown>(project, (keep) =>
    api.delete("/api/v1/projects/{project}/split", { path: { project }, query: { environment, keep } }),
  );
}
