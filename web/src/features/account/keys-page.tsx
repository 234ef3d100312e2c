import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { NewKeyDialog } from "@/features/account/components/new-key-dialog";
import { limitsOf } from "@/features/account/limits";
import { apiKeysQuery, useRevokeKey, type ApiKey } from "@/features/account/queries";

const never = <span className="text-muted">never</span>;

const facts: Column<ApiKey>[] = [
  { id: "name", label: "Name", main: true, cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span> },
  { id: "may", label: "May", cell: (key) => <Limits limited={key} /> },
  { id: "made", label: "Made", cell: ({ created_at: at }) => <Time at={at} /> },
  { id: "used", label: "Last used", cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : never) },
  { id: "expires", label: "Expires", cell: ({ expires_at: at }) => (at ? <Time at={at} /> : never) },
];

export function KeysPage() {
  const { rows, state } = pagesState(useInfiniteQuery(apiKeysQuery));
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const revoke = useRevokeKey();

  const columns: Column<ApiKey>[] = [
    ...facts,
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (key) => (
        <Button size="small" onClick={() => setRevoked(key)}>
          Revoke<span className="sr-only"> {key.name}</span>
        </Button>
      ),
    },
  ];

  return (
    <Card
      flush
      title="API keys"
      description="For programs and for git. A key does what you may, within its limits; the command line has one for each login."
      actions={
        <Button icon={<Plus />} onClick={() => setMaking(true)}>
          Make a key
        </Button>
      }
    >
      <DataTable
        label="API keys"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        state={state}
        empty={
          <EmptyState icon={<KeyRound />} title="No API keys">
            temps login on your machine makes one; so does the button above.
          </EmptyState>
        }
      />
      <NewKeyDialog open={isMaking} onOpenChange={setMaking} />
      <ConfirmDialog
        open={revoked !== null}
        onOpenChange={(open) => !open && setRevoked(null)}
        title={`Revoke ${revoked?.name}?`}
        action="Revoke the key"
        onConfirm={() => revoke.mutateAsync(revoked?.id ?? 0)}
      >
        <p>Programs that use it are refused from now on. It cannot be brought back.</p>
      </ConfirmDialog>
    </Card>
  );
}

function Limits({ limited }: { limited: ApiKey }) {
  const { scopes, place } = limitsOf(limited);
  return (
    <span className="flex flex-wrap items-center justify-end gap-1.5 sm:justify-start">
      {scopes.map((scope) => (
        <Badge key={scope}>{scope}</Badge>
      ))}
      {place && <span className="text-[0.8125rem] text-muted wrap-anywhere">{place}</span>}
    </span>
  );
}
