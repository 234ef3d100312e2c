import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { queryState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { NewTokenDialog } from "@/features/access/project/new-token-dialog";
import { tokensQuery, useRevokeToken, type DeploymentToken } from "@/features/access/project/queries";

const never = <span className="text-muted">never</span>;

const facts: Column<DeploymentToken>[] = [
  { id: "name", label: "Name", main: true, cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span> },
  { id: "environment", label: "Environment", cell: ({ environment }) => environment ?? <span className="text-muted">all</span> },
  { id: "maker", label: "Made by", cell: ({ maker }) => <span className="wrap-anywhere">{maker}</span> },
  { id: "used", label: "Last used", cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : never) },
  { id: "expires", label: "Expires", cell: ({ expires_at: at }) => (at ? <Time at={at} /> : never) },
];

export function Tokens({ project }: { project: string }) {
  const tokens = useQuery(tokensQuery(project));
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<DeploymentToken | null>(null);
  const revoke = useRevokeToken(project);

  const columns: Column<DeploymentToken>[] = [
    ...facts,
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (token) => (
        <Button size="small" onClick={() => setRevoked(token)}>
          Revoke<span className="sr-only"> {token.name}</span>
        </Button>
      ),
    },
  ];

  return (
    <Card
      flush
      title="Deployment tokens"
      description="For CI: they deploy this project and nothing else, belong to it and not to a person, and outlive whoever made them."
      actions={
        <Button icon={<Plus />} onClick={() => setMaking(true)}>
          Make a token
        </Button>
      }
    >
      <DataTable
        label="Deployment tokens"
        columns={columns}
        rows={tokens.data?.items ?? []}
        keyOf={({ id }) => id}
        state={queryState(tokens)}
        empty={
          <EmptyState icon={<KeyRound />} title="No deployment tokens">
            Make one for a pipeline that pushes or deploys.
          </EmptyState>
        }
      />
      <NewTokenDialog project={project} open={isMaking} onOpenChange={setMaking} />
      <ConfirmDialog
        open={revoked !== null}
        onOpenChange={(open) => !open && setRevoked(null)}
        title={`Revoke ${revoked?.name}?`}
        action="Revoke the token"
        onConfirm={() => revoke.mutateAsync(revoked?.id ?? 0)}
      >
        <p>Pipelines that use it are refused from now on. It cannot be brought back.</p>
      </ConfirmDialog>
    </Card>
  );
}
