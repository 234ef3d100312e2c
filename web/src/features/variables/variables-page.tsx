import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ClipboardPaste, Pencil, Plus, Trash2, Variable as VariableIcon } from "lucide-react";
import { useMemo, useState } from "react";

import { useEnvironment } from "@/lib/environments/chosen";
import { environmentQuery } from "@/lib/environments/queries";
import { useMay } from "@/lib/me/use-rights";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { queryState } from "@/ui/table-state";
import { ApplyBanner } from "@/features/variables/components/apply-banner";
import { PasteDialog } from "@/features/variables/components/paste-dialog";
import { Value } from "@/features/variables/components/value";
import { VariableDialog } from "@/features/variables/components/variable-dialog";
import { VersionsCard } from "@/features/variables/components/versions-card";
import { useChangeVariables, variablesQuery, type Place, type Variable } from "@/features/variables/queries";

export function VariablesPage() {
  const { project } = useParams({ from: "/shell/projects/$project/variables" });
  const environment = useEnvironment();
  const place = useMemo(() => ({ project, environment }), [project, environment]);
  const live = useQuery(environmentQuery(project, environment)).data?.live;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <ApplyBanner place={place} />
      <Variables place={place} />
      <VersionsCard place={place} used={live?.variables} />
    </div>
  );
}

function columnsOf(place: Place, mayReveal: boolean): Column<Variable>[] {
  return [
    {
      id: "name",
      label: "Name",
      main: true,
      sort: ({ name }) => name,
      cell: ({ name }) => <code className="font-mono text-[0.8125rem] font-medium wrap-anywhere">{name}</code>,
    },
    { id: "value", label: "Value", cell: (variable) => <Value place={place} variable={variable} mayReveal={mayReveal} /> },
    { id: "kind", label: "Kind", sort: ({ kind }) => kind, cell: ({ kind }) => <Badge tone={kind === "secret" ? "accent" : "neutral"}>{kind === "secret" ? "Secret" : "Plain"}</Badge> },
    { id: "since", label: "Since version", align: "end", sort: ({ since }) => since, cell: ({ since }) => since },
  ];
}

function Variables({ place }: { place: Place }) {
  const variables = useQuery(variablesQuery(place));
  const change = useChangeVariables(place);
  const mayWrite = useMay("variables.write", place.project);
  const mayReveal = useMay("variables.reveal", place.project);
  const [edited, setEdited] = useState<Variable | "new" | null>(null);
  const [removed, setRemoved] = useState<Variable | null>(null);
  const [isPasting, setPasting] = useState(false);
  const rows = variables.data?.variables ?? [];
  const actions: Column<Variable> = {
    id: "actions",
    label: "Actions",
    hideLabel: true,
    align: "end",
    cell: (variable) => (
      <span className="inline-flex">
        <IconButton label={`Change ${variable.name}`} icon={<Pencil />} onClick={() => setEdited(variable)} />
        <IconButton label={`Remove ${variable.name}`} icon={<Trash2 />} onClick={() => setRemoved(variable)} />
      </span>
    ),
  };
  return (
    <Card
      flush
      title="Variables"
      description={`What the app of ${place.environment} finds in its environment. Secrets are never given to builds.`}
      actions={
        mayWrite && (
          <>
            <Button icon={<ClipboardPaste />} onClick={() => setPasting(true)}>
              Paste a .env
            </Button>
            <Button kind="primary" icon={<Plus />} onClick={() => setEdited("new")}>
              Add
            </Button>
          </>
        )
      }
    >
      <DataTable
        label="Variables"
        columns={mayWrite ? [...columnsOf(place, mayReveal), actions] : columnsOf(place, mayReveal)}
        rows={rows}
        keyOf={({ name }) => name}
        state={queryState(variables)}
        empty={
          <EmptyState icon={<VariableIcon />} title="No variables">
            Add one, or paste a .env file.
          </EmptyState>
        }
      />
      <VariableDialog place={place} edited={edited} onClose={() => setEdited(null)} />
      <PasteDialog place={place} present={rows} open={isPasting} onOpenChange={setPasting} />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title={`Remove ${removed?.name}?`}
        action="Remove the variable"
        onConfirm={() => change.mutateAsync({ set: {}, remove: [removed?.name ?? ""] })}
      >
        <p>The app is without it from its next deployment or restart on. Earlier releases keep it for a rollback.</p>
      </ConfirmDialog>
    </Card>
  );
}
