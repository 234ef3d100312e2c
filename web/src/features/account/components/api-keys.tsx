import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { NewKeyDialog } from "@/features/account/components/new-key-dialog";
import { apiKeysQuery, useRevokeKey, type ApiKey } from "@/features/account/queries";

export function ApiKeys() {
  const { rows, state } = pagesState(useInfiniteQuery(apiKeysQuery));
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const revoke = useRevokeKey();

  const columns: Column<ApiKey>[] = [
    { id: "name", label: "Name", main: true, cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span> },
    { id: "made", label: "Made", cell: ({ created_at: at }) => <Time at={at} /> },
    { id: "used", label: "Last used", cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : <span className="text-muted">never</span>) },
    { id: "expires", label: "Expires", cell: ({ expires_at: at }) => (at ? <Time at={at} /> : <span className="text-muted">never</span>) },
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
      description="For programs and for git. A key may do all that you may; the command line has one for each login."
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
