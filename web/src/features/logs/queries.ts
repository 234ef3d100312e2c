import { addressOf } from "@/lib/api/client";

export interface LogWish {
  project: string;
  environment: string;
  contains: string;
  level?: "warning" | "error"; // and worse
  since?: string; // RFC 3339
}

const linesAtFirst = 500;
const linesOfATime = 5000; // where a time bounds them

// The newest lines that hold `contains`, then every new one.
export function appLogAddress({ project, environment, contains, level, since }: LogWish): string {
  const query = { environment, contains, level, since, lines: since ? linesOfATime : linesAtFirst };
  return addressOf("/api/v1/projects/{project}/logs/events", { path: { project }, query });
}
