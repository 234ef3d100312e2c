import { queryOptions } from "@tanstack/react-query";

import { api, type Answer } from "@/lib/api/client";
import type { ProjectRole } from "@/lib/roles";
import { useChange } from "@/features/access/queries";

export type Team = Answer<"/api/v1/teams", "get">["items"][number];
export interface TeamGrant {
  id: number;
  team: number;
  project: string;
  role: string;
}

export const teamsQuery = queryOptions({
  queryKey: ["access", "teams"],
  queryFn: ({ signal }) => api.get("/api/v1/teams", { signal }),
});

// Grants are kept by project; those of the first hundred projects that the reader sees are gathered.
export const teamGrantsQuery = queryOptions({
  queryKey: ["access", "team-grants"],
  queryFn: async ({ signal }): Promise<TeamGrant[]> => {
    const { items: projects } = await api.get("/api/v1/projects", { query: { limit: 100 }, signal });
    const lists = await Promise.all(
      projects.map(async ({ name }) => {
        const { items } = await api.get("/api/v1/projects/{project}/grants", { path: { project: name }, signal });
        return items.flatMap(({ id, team, role }) => (typeof team === "number" ? [{ id, team, role, project: name }] : []));
      }),
    );
    return lists.flat();
  },
});

export const useCreateTeam = () => useChange((name: string) => api.post("/api/v1/teams", { body: { name } }));

export const useRenameTeam = (team: number) =>
  useChange((name: string) => api.patch("/api/v1/teams/{team}", { path: { team }, body: { name } }));

export const useRemoveTeam = () => useChange((team: number) => api.delete("/api/v1/teams/{team}", { path: { team } }));

export const useAddMember = (team: number) =>
  useChange((user: number) => api.put("/api/v1/teams/{team}/members/{user}", { path: { team, user } }));

export const useTakeOut = (team: number) =>
  useChange((user: number) => api.delete("/api/v1/teams/{team}/members/{user}", { path: { team, user } }));

export const useGrantTeam = (team: string) =>
  useChange(({ project, role }: { project: string; role: ProjectRole }) =>
    api.put("/api/v1/projects/{project}/grants", { path: { project }, body: { team, role } }),
  );

export const useRemoveTeamGrant = () =>
  useChange(({ project, grant }: { project: string; grant: number }) =>
    api.delete("/api/v1/projects/{project}/grants/{grant}", { path: { project, grant } }),
  );
