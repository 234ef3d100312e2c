import { infiniteQueryOptions } from "@tanstack/react-query";

import { addressOf, api, type Answer } from "@/lib/api/client";
import { toQuery, type Filters } from "@/features/audit/filters";

export type Entry = Answer<"/api/v1/audit", "get">["items"][number];

export function auditQuery(filters: Filters) {
  return infiniteQueryOptions({
    queryKey: ["audit", filters],
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/v1/audit", { query: { ...toQuery(filters), cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

// A download by the browser itself, of any size.
export function exportAddress(filters: Filters, format: "ndjson" | "csv"): string {
  return addressOf("/api/v1/audit/export", { query: { ...toQuery(filters), format } });
}
