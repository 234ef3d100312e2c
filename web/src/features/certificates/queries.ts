import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type Certificate = Answer<"/api/v1/certificates/{certificate}", "get">;
export type Platform = Answer<"/api/v1/platform", "get">;
export type OwnName = Platform["names"][number];
export type Provider = Answer<"/api/v1/dns-providers", "get">["items"][number];

const keys = {
  all: ["certificates"] as const,
  list: ["certificates", "list"] as const,
  platform: ["certificates", "platform"] as const,
  authority: ["certificates", "authority"] as const,
  providers: ["dns-providers"] as const,
};
const freshEvery = 10_000;

export const certificatesQuery = infiniteQueryOptions({
  queryKey: keys.list,
  queryFn: ({ pageParam, signal }) => api.get("/api/v1/certificates", { query: { cursor: pageParam, limit: 50 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
  refetchInterval: freshEvery,
});

export const platformQuery = queryOptions({
  queryKey: keys.platform,
  queryFn: ({ signal }) => api.get("/api/v1/platform", { signal }),
  refetchInterval: freshEvery,
});

export const authorityQuery = queryOptions({
  queryKey: keys.authority,
  queryFn: ({ signal }) => api.get("/api/v1/certificate-authority", { signal }),
  staleTime: 60_000,
});

export const providersQuery = queryOptions({
  queryKey: keys.providers,
  queryFn: ({ signal }) => api.get("/api/v1/dns-providers", { signal }),
});

function useChange<Wish, Result = unknown>(key: readonly string[], change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation<Result, Problem, Wish>({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
}

export function useRenew() {
  return useChange<number>(keys.all, (certificate) =>
    api.post("/api/v1/certificates/{certificate}/renew", { path: { certificate } }),
  );
}

export function useRemoveCertificate() {
  return useChange<number>(keys.all, (certificate) =>
    api.delete("/api/v1/certificates/{certificate}", { path: { certificate } }),
  );
}

export function useUploadCertificate() {
  return useChange<{ chain: string; key: string }, Certificate>(keys.all, (body) => api.post("/api/v1/certificates", { body }));
}

// Looks up the DNS records of the platform's own names.
export function useCheckPlatform() {
  const client = useQueryClient();
  return useMutation<Platform, Problem>({
    mutationFn: () => api.post("/api/v1/platform/check"),
    onSuccess: (platform) => client.setQueryData(keys.platform, platform),
  });
}

export interface NewProvider {
  zone: string;
  kind: Provider["kind"];
  server?: string;
  key_name?: string;
  key: string;
}

export function useAddProvider() {
  return useChange<NewProvider>(keys.providers, (body) => api.post("/api/v1/dns-providers", { body }));
}

export function useRemoveProvider() {
  return useChange<string>(keys.providers, (zone) => api.delete("/api/v1/dns-providers/{zone}", { path: { zone } }));
}
