import { useQuery } from "@tanstack/react-query";
import { Bot, Plus } from "lucide-react";
import { useState } from "react";

import { useMe } from "@/lib/me/use-rights";
import { rank } from "@/lib/roles";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { queryState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { NewServiceDialog } from "@/features/access/components/new-service-dialog";
import { ServiceKeysDialog } from "@/features/access/components/service-keys-dialog";
import { servicesQuery, useRemoveUser, type ServiceAccount } from "@/features/access/queries";

export function ServiceAccounts() {
  const services = useQuery(servicesQuery);
  const me = useMe();
  const [isMaking, setMaking] = useState(false);
  const [opened, setOpened] = useState<ServiceAccount | null>(null);
  const [removed, setRemoved] = useState<ServiceAccount | null>(null);
  const remove = useRemoveUser();
  const isMine = (account: ServiceAccount) => rank(account.role) <= rank(me?.role ?? "");

  const columns: Column<ServiceAccount>[] = [
    { id: "name", label: "Name", main: true, cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span> },
    { id: "role", label: "Role", cell: ({ role }) => role },
    { id: "since", label: "Since", cell: ({ created_at: at }) => <Time at={at} /> },
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (account) =>
        isMine(account) && (
          <span className="flex flex-wrap justify-end gap-2">
            <Button size="small" onClick={() => setOpened(account)}>
              Keys<span className="sr-only"> of {account.name}</span>
            </Button>
            <Button size="small" onClick={() => setRemoved(account)}>
              Remove<span className="sr-only"> {account.name}</span>
            </Button>
          </span>
        ),
    },
  ];

  return (
    <Card
      flush
      title="Service accounts"
      description="For programs that belong to nobody: without password and login, with API keys that admins make."
      actions={
        <Button icon={<Plus />} onClick={() => setMaking(true)}>
          Make one
        </Button>
      }
    >
      <DataTable
        label="Service accounts"
        columns={columns}
        rows={services.data?.items ?? []}
        keyOf={({ id }) => id}
        state={queryState(services)}
        empty={
          <EmptyState icon={<Bot />} title="No service accounts">
            A CI runner that outlives the person who set it up wants one.
          </EmptyState>
        }
      />
      <NewServiceDialog open={isMaking} onOpenChange={setMaking} />
      <ServiceKeysDialog account={opened} onClose={() => setOpened(null)} />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title={`Remove ${removed?.name}?`}
        action="Remove the account"
        typed={removed?.name}
        onConfirm={() => remove.mutateAsync(removed?.id ?? 0)}
      >
        <p>Its keys end at once, and programs that use them are refused.</p>
      </ConfirmDialog>
    </Card>
  );
}
