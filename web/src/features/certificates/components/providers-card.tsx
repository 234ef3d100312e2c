import { useQuery } from "@tanstack/react-query";
import { BookKey, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { useMay } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { queryState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { ProviderDialog, kinds } from "@/features/certificates/components/provider-dialog";
import { providersQuery, useRemoveProvider, type Provider } from "@/features/certificates/queries";

const columns: Column<Provider>[] = [
  { id: "zone", label: "Zone", main: true, cell: ({ zone }) => <span className="font-medium wrap-anywhere">{zone}</span> },
  { id: "kind", label: "Kept by", cell: ({ kind }) => kinds.find(({ value }) => value === kind)?.label ?? kind },
  { id: "server", label: "Server", cell: ({ server }) => <code className="font-mono text-xs break-all">{server || "–"}</code> },
  { id: "added", label: "Added", align: "end", cell: ({ created_at: at }) => <Time at={at} /> },
];

export function ProvidersCard() {
  const providers = useQuery(providersQuery);
  const mayWrite = useMay("dns.write");
  const remove = useRemoveProvider();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Provider | null>(null);

  const actions: Column<Provider> = {
    id: "actions",
    label: "Actions",
    hideLabel: true,
    align: "end",
    cell: (provider) => <IconButton label={`Remove ${provider.zone}`} icon={<Trash2 />} onClick={() => setRemoved(provider)} />,
  };

  return (
    <Card
      flush
      title="DNS providers"
      description="Where Temps may write the records that prove a name is yours: for wildcard names, and for servers that cannot be reached on port 80."
      actions={
        mayWrite && (
          <Button icon={<Plus />} onClick={() => setAdding(true)}>
            Add a provider
          </Button>
        )
      }
    >
      <DataTable
        label="DNS providers"
        columns={mayWrite ? [...columns, actions] : columns}
        rows={providers.data?.items ?? []}
        keyOf={({ zone }) => zone}
        state={queryState(providers)}
        empty={
          <EmptyState icon={<BookKey />} title="No DNS provider">
            Without one, names are proved over http, and wildcard certificates are not to be had.
          </EmptyState>
        }
      />
      <ProviderDialog open={isAdding} onOpenChange={setAdding} />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title={`Remove the provider of ${removed?.zone}?`}
        action="Remove the provider"
        typed={removed?.zone}
        onConfirm={() => remove.mutateAsync(removed?.zone ?? "")}
      >
        <p>Certificates that were proved by it stay until they expire; wildcard ones are not renewed any more.</p>
      </ConfirmDialog>
    </Card>
  );
}
