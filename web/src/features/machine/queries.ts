import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";

export type Machine = Answer<"/api/v1/machine", "get">;
export type Usage = Answer<"/api/v1/machine/instances", "get">["items"][number];
export type Job = Answer<"/api/v1/jobs", "get">["items"][number];
export type JobStatus = Job["status"];

export const machineQuery = queryOptions({
  queryKey: ["machine", "sight"],
  queryFn: ({ signal }) => api.get("/api/v1/machine", { signal }),
  refetchInterval: 3000,
});

export const usageQuery = queryOptions({
  queryKey: ["machine", "instances"],
  queryFn: ({ signal }) => api.get("/api/v1/machine/instances", { signal }),
  refetchInterval: 5000,
});

export function jobsQuery(status: JobStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: ["machine", "jobs", status],
    queryFn: ({ pageParam, signal }) => api.get("/api/v1/jobs", { query: { status, cursor: pageParam, limit: 25 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5000,
  });
}
