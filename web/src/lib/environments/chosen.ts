// Which environment of a project is looked at: ?environment=staging, and production without it.
import { useSearch } from "@tanstack/react-router";

export const production = "production";

export interface EnvironmentSearch {
  environment?: string;
}

export function readEnvironment(search: Record<string, unknown>): EnvironmentSearch {
  const { environment } = search;
  return typeof environment === "string" && environment !== "" && environment !== production ? { environment } : {};
}

export function useEnvironment(): string {
  const { environment } = useSearch({ strict: false }) as EnvironmentSearch;
  return environment ?? production;
}

// For links that lead to an environment from elsewhere; undefined says "production" explicitly.
export function searchOf(environment: string): EnvironmentSearch {
  return { environment: environment === production ? undefined : environment };
}
