import { useQuery } from "@tanstack/react-query";
import { LogIn, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { queryState } from "@/ui/table-state";
import { AddDialog } from "@/features/oidc/components/add-dialog";
import { unknownPeople } from "@/features/oidc/draft";
import { providersQuery, useRemoveProvider, type Provider } from "@/features/oidc/queries";

const columns: Column<Provider>[] = [
  { id: "label", label: "Provider", main: true, cell: ({ label }) => <span className="font-medium wrap-anywhere">{label}</span> },
  { id: "issuer", label: "Issuer", cell: ({ issuer }) => <code className="font-mono text-xs break-all">{issuer}</code> },
  { id: "domains", label: "E-mail domains", cell: ({ email_domains: domains }) => <span className="wrap-anywhere">{domains.join(", ") || "all"}</span> },
  { id: "unknown", label: "Unknown people", cell: ({ unknown_people: unknown }) => unknownPeople.find(({ value }) => value === unknown)?.label ?? unknown },
  { id: "known", label: "Known by e-mail", cell: ({ links_by_email: links }) => (links ? "below admin" : "no") },
  { id: "factor", label: "Second factor", cell: ({ trusted_second_factor: trusted }) => (trusted ? "the provider's" : "asked here") },
];

// Where people may log in besides here. A page of the settings, in their frame.
export function ProvidersPage() {
  const providers = useQuery(providersQuery);
  const remove = useRemoveProvider();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Provider | null>(null);

  const actions: Column<Provider> = {
    id: "actions",
    label: "Actions",
    hideLabel: true,
    align: "end",
    cell: (provider) => <IconButton label={`Remove ${provider.label}`} icon={<Trash2 />} onClick={() => setRemoved(provider)} />,
  };
  return (
    <Card
      flush
      title="Login providers"
      description="People log in there by OpenID Connect, with an account that they have already."
      actions={
        <Button icon={<Plus />} onClick={() => setAdding(true)}>
          Add a provider
        </Button>
      }
    >
      <DataTable
        label="Login providers"
        columns={[...columns, actions]}
        rows={providers.data?.items ?? []}
        keyOf={({ name }) => name}
        state={queryState(providers)}
        empty={
          <EmptyState icon={<LogIn />} title="No login provider">
            Google, Microsoft Entra, Keycloak, Authentik, GitLab and others can say who somebody is.
          </EmptyState>
        }
      />
      <AddDialog open={isAdding} onOpenChange={setAdding} />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title={`Remove ${removed?.label}?`}
        action="Remove the provider"
        typed={removed?.name}
        onConfirm={() => remove.mutateAsync(removed?.name ?? "")}
      >
        <p>Nobody is known by it any more. Whoever has no password needs a new one, by an admin. Sessions go on.</p>
      </ConfirmDialog>
    </Card>
  );
}
