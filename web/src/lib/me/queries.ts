// Who is logged in, asked once for all pages.
import { queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";

export type Me = Answer<"/api/v1/me", "get">;

export const meQuery = queryOptions({
  queryKey: ["session", "me"],
  queryFn: ({ signal }) => api.get("/api/v1/me", { signal }),
  staleTime: 60_000,
});
