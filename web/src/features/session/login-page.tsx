import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";

import { safeReturnPath } from "@/lib/return-path";
import { QuietPage } from "@/ui/quiet-page";
import { LoginSteps } from "@/features/session/login-steps";

export function LoginPage() {
  const router = useRouter();
  const client = useQueryClient();
  const search = useSearch({ strict: false });

  function finish() {
    client.clear();
    router.history.push(safeReturnPath(search.return));
  }

  return <LoginSteps frame={QuietPage} expired={search.expired !== undefined} onDone={finish} />;
}
