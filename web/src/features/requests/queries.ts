import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";

const path = "/api/v1/projects/{project}/requests";

export type Visit = Answer<typeof path, "get">["items"][number];

export interface Wish {
  project: string;
  environment: string;
  status?: string;
  path?: string;
  since?: string;
}

function queryOf({ environment, status, path: begin, since }: Wish) {
  return { environment, status, path: begin, since };
}

// The newest first, those before on further pages. What comes later is asked for by newer().
export function visitsQuery(wish: Wish) {
  return infiniteQueryOptions({
    queryKey: ["requests", wish],
    queryFn: ({ pageParam, signal }) =>
      api.get(path, { path: { project: wish.project }, query: { ...queryOf(wish), cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
    gcTime: 0,
  });
}

// What was written down since `after`, the oldest first.
export async function newer(wish: Wish, after: number, signal: AbortSignal): Promise<Visit[]> {
  const page = await api.get(path, { path: { project: wish.project }, query: { ...queryOf(wish), after, limit: 100 }, signal });
  return page.items;
}
