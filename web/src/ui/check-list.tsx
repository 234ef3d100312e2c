import { useQuery } from "@tanstack/react-query";

import { checksQuery, type Check } from "@/lib/checks/queries";
import { isCommand, verdicts, worstFirst } from "@/lib/checks/verdicts";
import { StatusBadge } from "@/ui/badge";
import { CodeBlock } from "@/ui/code-block";
import { ProblemAlert } from "@/ui/problem-alert";
import { Skeleton } from "@/ui/skeleton";

// Is the server fit to run Temps: what was looked at, and how to mend what is not right.
export function Checks() {
  const checks = useQuery(checksQuery);
  if (checks.isPending) {
    return (
      <div role="status" aria-label="The server is being looked at" className="grid gap-4 px-5 py-4">
        <Skeleton className="w-2/3" />
        <Skeleton className="w-1/2" />
        <Skeleton className="w-3/5" />
      </div>
    );
  }
  if (!checks.data) {
    return (
      <div className="p-4">
        <ProblemAlert error={checks.error} onRetry={() => checks.refetch()} />
      </div>
    );
  }
  return <CheckList checks={checks.data.items} />;
}

export function CheckList({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className="divide-y divide-line">
      {worstFirst(checks).map(({ name, title, verdict, detail, fix }) => (
        <li key={name} className="grid gap-2 px-5 py-3.5">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <h3 className="font-medium">{title}</h3>
            <StatusBadge {...verdicts[verdict]} />
          </div>
          {detail && <p className="max-w-prose wrap-anywhere text-muted">{detail}</p>}
          {fix && (isCommand(fix) ? <CodeBlock code={fix} label="Copy the command" /> : <p className="max-w-prose wrap-anywhere">{fix}</p>)}
        </li>
      ))}
    </ul>
  );
}
