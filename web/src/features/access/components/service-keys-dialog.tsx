import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { expiryOf, lifetimes, usualLifetime } from "@/lib/lifetimes";
import { Button } from "@/ui/button";
import { DataTable, type Column } from "@/ui/data-table";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { ShownOnce } from "@/ui/shown-once";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { toast } from "@/ui/toast";
import { serviceKeysQuery, useCreateServiceKey, useRevokeServiceKey, type ServiceAccount, type ServiceKey } from "@/features/access/queries";

const scopes = [
  { value: "", label: "All that the account may" },
  { value: "deploy", label: "deploy" },
  { value: "read", label: "read" },
  { value: "write", label: "write" },
];

export function ServiceKeysDialog({ account, onClose }: { account: ServiceAccount | null; onClose: () => void }) {
  return (
    <Dialog firm wide open={account !== null} onOpenChange={(open) => !open && onClose()} title={`API keys of ${account?.name}`}>
      {account && <Keys account={account} />}
    </Dialog>
  );
}

function Keys({ account }: { account: ServiceAccount }) {
  const [token, setToken] = useState<string | null>(null);
  const { rows, state } = pagesState(useInfiniteQuery(serviceKeysQuery(account.id)));
  const revoke = useRevokeServiceKey(account.id);

  const columns: Column<ServiceKey>[] = [
    { id: "name", label: "Name", main: true, cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span> },
    { id: "scopes", label: "May", cell: ({ scopes: names }) => names?.join(", ") ?? "all that it may" },
    { id: "used", label: "Last used", cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : <span className="text-muted">never</span>) },
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (key) => (
        <Button
          size="small"
          busy={revoke.isPending && revoke.variables === key.id}
          onClick={() => revoke.mutate(key.id, { onError: toast.failed })}
        >
          Revoke<span className="sr-only"> {key.name}</span>
        </Button>
      ),
    },
  ];

  if (token !== null) {
    return (
      <ShownOnce secret={token} label="Copy the key" onDone={() => setToken(null)}>
        Whoever has it acts as {account.name}.
      </ShownOnce>
    );
  }
  return (
    <div className="grid gap-5">
      <div className="overflow-hidden rounded-lg border border-line">
        <DataTable
          label={`API keys of ${account.name}`}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          state={state}
          empty={<p className="px-5 py-4 text-muted">No key yet.</p>}
        />
      </div>
      <NewKey account={account} onToken={setToken} />
    </div>
  );
}

function NewKey({ account, onToken }: { account: ServiceAccount; onToken: (token: string) => void }) {
  const create = useCreateServiceKey(account.id);
  const [name, setName] = useState("");
  const [scope, setScope] = useState("");
  const [days, setDays] = useState(usualLifetime);

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(
      { name, scopes: scope === "" ? undefined : [scope], expires_at: expiryOf(days) },
      { onSuccess: (made) => onToken(made.token) },
    );
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {create.error && !create.error.fields.name && <ProblemAlert error={create.error} />}
      <div className="grid gap-4 sm:grid-cols-3">
        <FormField label="Name of a new key" error={create.error?.fields.name}>
          <Input required autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </FormField>
        <FormField label="May do">
          <Select options={scopes} value={scope} onChange={(event) => setScope(event.target.value)} />
        </FormField>
        <FormField label="Valid for">
          <Select options={lifetimes} value={days} onChange={(event) => setDays(event.target.value)} />
        </FormField>
      </div>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
          Make the key
        </Button>
      </div>
    </form>
  );
}
