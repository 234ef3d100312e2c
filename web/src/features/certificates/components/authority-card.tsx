import { useQuery } from "@tanstack/react-query";

import { StatusBadge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { Facts } from "@/ui/facts";
import { ProblemAlert } from "@/ui/problem-alert";
import { Skeleton } from "@/ui/skeleton";
import { authorityQuery } from "@/features/certificates/queries";

// Who signs the certificates that Temps orders.
export function AuthorityCard() {
  return (
    <Card title="Certificate authority" description="Where Temps orders certificates, and renews them by itself.">
      <Authority />
    </Card>
  );
}

function Authority() {
  const authority = useQuery(authorityQuery);
  if (authority.isPending) return <Skeleton className="my-3 w-2/3" />;
  if (authority.isError) return <ProblemAlert error={authority.error} onRetry={() => authority.refetch()} />;
  const { directory_url: directory, enabled, terms_of_service: terms } = authority.data;
  return (
    <div className="grid gap-4">
      <Facts
        facts={[
          ["State", <StatusBadge key="state" {...(enabled ? { tone: "good", label: "In use" } : { tone: "neutral", label: "Not used" })} />],
          ["Authority", new URL(directory).host],
          [
            "Terms",
            terms ? (
              <a key="terms" href={terms} target="_blank" rel="noreferrer" className="text-accent hover:underline">
                Read them
              </a>
            ) : (
              "–"
            ),
          ],
          [
            "Directory",
            <span key="directory" className="flex min-w-0 items-center gap-1">
              <code className="min-w-0 font-mono text-[0.8125rem] wrap-anywhere">{directory}</code>
              <CopyButton text={directory} label="Copy the directory’s address" />
            </span>,
          ],
        ]}
      />
      {!enabled && (
        <p className="max-w-prose text-muted">
          No certificate is ordered here, for nothing listens for https: the setting{" "}
          <code className="font-mono text-[0.8125rem]">listen_tls</code> says where.
        </p>
      )}
    </div>
  );
}
