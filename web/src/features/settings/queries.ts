import { queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";

export type ServerSettings = Answer<"/api/v1/settings", "get">;
export type ServerSetting = ServerSettings["items"][number];

// They are read when the server starts.
export const serverSettingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => api.get("/api/v1/settings", { signal }),
  staleTime: 60_000,
});
