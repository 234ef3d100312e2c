// Before every page that is not for everyone: to the login and back, or to the setup where nobody is
// owner yet.
import { redirect } from "@tanstack/react-router";

import { Problem } from "@/lib/api/problem";
import { meQuery } from "@/lib/me/queries";
import { queryClient } from "@/app/query-client";
import { setupQuery } from "@/features/session/queries";

export async function requireLogin({ location }: { location: { href: string } }) {
  try {
    await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    const { needed } = await queryClient.fetchQuery(setupQuery);
    if (needed) throw redirect({ to: "/setup" });
    throw redirect({ to: "/login", search: location.href === "/" ? {} : { return: location.href } });
  }
}
