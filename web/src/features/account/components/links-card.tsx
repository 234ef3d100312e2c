import { useQuery } from "@tanstack/react-query";
import { Link2, Unlink } from "lucide-react";
import { useState } from "react";

import { useMe } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { queryState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { ProofDialog } from "@/features/account/components/proof-dialog";
import { linksQuery, loginOptionsQuery, useBeginLink, useUnlink, type LoginLink } from "@/features/account/queries";

const columns: Column<LoginLink>[] = [
  { id: "provider", label: "Provider", main: true, cell: ({ label }) => <span className="font-medium wrap-anywhere">{label}</span> },
  { id: "email", label: "As", cell: ({ email }) => <span className="wrap-anywhere">{email || "–"}</span> },
  { id: "used", label: "Last login", align: "end", cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : "never") },
];

// By which providers one may log in as oneself. Without any provider there is nothing to show.
export function LinksCard({ hasFactor }: { hasFactor: boolean }) {
  const links = useQuery(linksQuery);
  const options = useQuery(loginOptionsQuery);
  const begin = useBeginLink();
  const unlink = useUnlink();
  const hasPassword = useMe()?.has_password ?? false;
  const [wanted, setWanted] = useState<{ name: string; label: string } | null>(null);
  const [removed, setRemoved] = useState<LoginLink | null>(null);
  const providers = options.data?.providers ?? [];
  if (providers.length === 0) return null;

  const actions: Column<LoginLink> = {
    id: "actions",
    label: "Actions",
    hideLabel: true,
    align: "end",
    cell: (link) => <IconButton label={`Unlink ${link.label}`} icon={<Unlink />} onClick={() => setRemoved(link)} />,
  };
  return (
    <Card
      flush
      title="Logins by providers"
      description={
        hasPassword
          ? "Each of them logs you in without the password of this account."
          : "They are your way in. Set a password under Profile to link another one, or to unlink the last."
      }
      actions={
        hasPassword && (
          <div className="flex flex-wrap gap-2">
            {providers.map((provider) => (
              <Button key={provider.name} icon={<Link2 />} onClick={() => setWanted(provider)}>
                Link {provider.label}
              </Button>
            ))}
          </div>
        )
      }
    >
      <DataTable
        label="Logins by providers"
        columns={[...columns, actions]}
        rows={links.data?.items ?? []}
        keyOf={({ id }) => String(id)}
        state={queryState(links)}
        empty={
          <EmptyState icon={<Link2 />} title="Nothing is linked">
            Link an account that you have elsewhere, and log in by it.
          </EmptyState>
        }
      />
      <ProofDialog
        open={wanted !== null}
        onOpenChange={(open) => !open && setWanted(null)}
        title={`Link ${wanted?.label}`}
        description="You log in there next, and come back here."
        action="Go on"
        withoutCode={!hasFactor}
        onProof={({ password, code }) => begin.mutateAsync({ provider: wanted?.name ?? "", password, ...(hasFactor && { code }) })}
      />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title={`Unlink ${removed?.label}?`}
        action="Unlink it"
        onConfirm={() => unlink.mutateAsync(removed?.id ?? 0)}
      >
        <p>{removed?.email || "This login"} does not lead to your account any more. Sessions that it began go on.</p>
      </ConfirmDialog>
    </Card>
  );
}
