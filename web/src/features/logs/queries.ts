import { addressOf } from "@/lib/api/client";

// The newest `lines` that hold `contains`, then every new one.
export function appLogAddress(project: string, contains: string, lines = 500): string {
  return addressOf("/api/v1/projects/{project}/logs/events", { path: { project }, query: { lines, contains } });
}
