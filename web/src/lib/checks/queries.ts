import { queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";

export type Check = Answer<"/api/v1/machine/checks", "get">["items"][number];

// Some look at the network: they are done when somebody wants to know.
export const checksQuery = queryOptions({
  queryKey: ["machine", "checks"],
  queryFn: ({ signal }) => api.get("/api/v1/machine/checks", { signal }),
  staleTime: 30_000,
});
