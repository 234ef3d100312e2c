import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import { asProblem, type Problem } from "@/lib/api/problem";
import type { ProviderAnswer } from "@/features/session/provider-answer";

export type Login = Answer<"/api/v1/sessions", "post">;

export const setupQuery = queryOptions({
  queryKey: ["session", "setup"],
  queryFn: ({ signal }) => api.get("/api/v1/setup", { signal }),
  staleTime: 0,
});

export interface Credentials {
  email: string;
  password: string;
}

// Who logs in decides what becomes of what was loaded before.
export function useLogIn() {
  return useMutation<Login, Problem, Credentials>({
    mutationFn: (body) => api.post("/api/v1/sessions", { body }),
  });
}

export const loginOptionsQuery = queryOptions({
  queryKey: ["session", "options"],
  queryFn: ({ signal }) => api.get("/api/v1/login-options", { signal }),
  staleTime: 60_000,
});

// Leads away from the console, to the provider.
export function useBeginProviderLogin() {
  return useMutation<unknown, Problem, { provider: string; return_path: string }>({
    mutationFn: async (body) => {
      const { url } = await api.post("/api/v1/provider-logins", { body });
      location.assign(url);
    },
  });
}

export type Arrival = Answer<"/api/v1/provider-logins/complete", "post">;

export function useCompleteProviderLogin() {
  const client = useQueryClient();
  return useMutation<Arrival, Problem, ProviderAnswer & { provider: string }>({
    mutationFn: (body) => api.post("/api/v1/provider-logins/complete", { body }),
    onSuccess: (arrival) => {
      if (arrival.user) client.clear();
    },
  });
}

// The second step, where the answer to the first one awaits a code.
export function useSendCode() {
  return useMutation<unknown, Problem, { token: string; code: string }>({
    mutationFn: (body) => api.post("/api/v1/sessions/second-factor", { body }),
  });
}

export function useResetPassword() {
  return useMutation<unknown, Problem, { token: string; password: string }>({
    mutationFn: (body) => api.post("/api/v1/password-resets/accept", { body }),
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

// An app that comes with Temps, in a project of its own. Yields where it is to be seen.
export function useFirstExample() {
  return useMutation<{ project: string; number: number }, Problem>({
    mutationFn: async () => {
      const project = "hello";
      try {
        await api.post("/api/v1/projects", { body: { name: project } });
      } catch (error) {
        // Somebody was here before, and went away in between.
        if (asProblem(error).code !== "projects.name_taken") throw error;
      }
      const { number } = await api.post("/api/v1/projects/{project}/deployments/example", {
        path: { project },
        body: { name: "node" },
      });
      return { project, number };
    },
  });
}
