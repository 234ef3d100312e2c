import { useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import type { Problem } from "@/lib/api/problem";
import { safeReturnPath } from "@/lib/return-path";
import { Notice } from "@/ui/notice";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { CodeStep } from "@/features/session/code-step";
import { PasswordStep } from "@/features/session/password-step";
import { ProviderButtons } from "@/features/session/provider-buttons";

// The password, and a code where the account has a second factor.
export function LoginPage({ problem }: { problem?: Problem }) {
  const router = useRouter();
  const search = useSearch({ strict: false });
  const [pending, setPending] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const finish = () => router.history.push(safeReturnPath(search.return));

  function begin(token: string) {
    setOver(false);
    setPending(token);
  }
  function beginAgain() {
    setOver(true);
    setPending(null);
  }

  if (pending !== null) {
    return (
      <QuietPage title="One more step" description="Your account has a second factor.">
        <CodeStep token={pending} onDone={finish} onOver={beginAgain} onBack={() => setPending(null)} />
      </QuietPage>
    );
  }
  return (
    <QuietPage title="Log in">
      {problem && <ProblemAlert error={problem} />}
      {search.expired && !isOver && <Notice>Your session has ended. Log in to go on where you were.</Notice>}
      {isOver && <Notice tone="wait">The code was not given in time. Log in once more.</Notice>}
      <PasswordStep onDone={finish} onPending={begin} />
      <ProviderButtons returnPath={safeReturnPath(search.return)} />
    </QuietPage>
  );
}
