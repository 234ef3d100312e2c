import { queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";

export type ProxyReport = Answer<"/api/v1/proxy", "get">;
export type Upstream = ProxyReport["upstreams"][number];

export const proxyQuery = queryOptions({
  queryKey: ["proxy"],
  queryFn: ({ signal }) => api.get("/api/v1/proxy", { signal }),
  refetchInterval: 3000,
});
