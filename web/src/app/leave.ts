import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";

import { useLogOut } from "@/features/session/queries";

// Ends the session, and forgets all that was shown.
export function useLeave() {
  const client = useQueryClient();
  const router = useRouter();
  const { mutateAsync } = useLogOut();
  return useCallback(async () => {
    await mutateAsync();
    client.clear();
    await router.navigate({ to: "/login" });
  }, [client, router, mutateAsync]);
}
