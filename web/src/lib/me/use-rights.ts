import { useQuery } from "@tanstack/react-query";

import { may } from "@/lib/me/rights";
import { meQuery, type Me } from "@/lib/me/queries";

// The pages behind the login have it already; until it is there, nothing is allowed.
export function useMe(): Me | undefined {
  return useQuery(meQuery).data;
}

export function useMay(permission: string, project?: string): boolean {
  return may(useMe(), permission, project);
}
