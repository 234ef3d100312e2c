import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";

import type { Problem } from "@/lib/api/problem";
import { safeReturnPath } from "@/lib/return-path";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { LoginSteps } from "@/features/session/login-steps";
import { ProviderButtons } from "@/features/session/provider-buttons";

export function LoginPage({ problem }: { problem?: Problem }) {
  const router = useRouter();
  const client = useQueryClient();
  const search = useSearch({ strict: false });
  const returnPath = safeReturnPath(search.return);

  function finish() {
    client.clear();
    router.history.push(returnPath);
  }

  return (
    <LoginSteps
      frame={QuietPage}
      expired={search.expired !== undefined}
      above={problem && <ProblemAlert error={problem} />}
      below={<ProviderButtons returnPath={returnPath} />}
      onDone={finish}
    />
  );
}
