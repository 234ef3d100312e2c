import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { Problem } from "@/lib/api/problem";

export type Me = Answer<"/api/v1/me", "get">;

const meKey = ["session", "me"];

export const meQuery = queryOptions({
  queryKey: meKey,
  queryFn: ({ signal }) => api.get("/api/v1/me", { signal }),
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ["session", "setup"],
  queryFn: ({ signal }) => api.get("/api/v1/setup", { signal }),
  staleTime: 0,
});

export interface Credentials {
  email: string;
  password: string;
}

export function useLogIn() {
  const client = useQueryClient();
  return useMutation<Answer<"/api/v1/sessions", "post">, Problem, Credentials>({
    mutationFn: (body) => api.post("/api/v1/sessions", { body }),
    onSuccess: () => client.clear(),
  });
}

export function useCompleteLogin() {
  const client = useQueryClient();
  return useMutation<unknown, Problem, { token: string; code: string }>({
    mutationFn: (body) => api.post("/api/v1/sessions/second-factor", { body }),
    onSuccess: () => client.clear(),
  });
}

export function useCompleteSetup() {
  const client = useQueryClient();
  return useMutation<unknown, Problem, Credentials & { token: string }>({
    mutationFn: (body) => api.post("/api/v1/setup", { body }),
    onSuccess: () => client.clear(),
  });
}

export function useLogOut() {
  return useMutation<unknown, Problem>({ mutationFn: () => api.delete("/api/v1/sessions/current") });
}
