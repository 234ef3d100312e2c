import { queryOptions, useMutation } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type WaitingDevice = Answer<"/api/v1/device-logins/{code}", "get">;

export function deviceQuery(code: string) {
  return queryOptions({
    queryKey: ["devices", code],
    queryFn: ({ signal }) => api.get("/api/v1/device-logins/{code}", { path: { code }, signal }),
    staleTime: 0,
    // Attempts are counted.
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export type Verdict = "approve" | "deny";

export function useDecide(code: string) {
  return useMutation<unknown, Problem, Verdict>({
    mutationFn: (verdict) =>
      verdict === "approve"
        ? api.post("/api/v1/device-logins/{code}/approve", { path: { code } })
        : api.post("/api/v1/device-logins/{code}/deny", { path: { code } }),
  });
}
