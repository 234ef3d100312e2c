import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ClipboardPaste, Plus, Trash2, Variable } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { queryState } from "@/ui/table-state";
import { toast } from "@/ui/toast";
import { PasteDialog } from "@/features/variables/components/paste-dialog";
import { VariableDialog } from "@/features/variables/components/variable-dialog";
import { settingsQuery, useChangeVariables } from "@/features/variables/queries";

interface Row {
  name: string;
  value: string;
}

export function VariablesPage() {
  const { project } = useParams({ from: "/shell/projects/$project/variables" });
  const settings = useQuery(settingsQuery(project));
  const change = useChangeVariables(project);
  const [edited, setEdited] = useState<Row | null>(null);
  const [isPasting, setPasting] = useState(false);
  const rows = Object.entries(settings.data?.build_arguments ?? {}).map(([name, value]) => ({ name, value }));

  function remove(name: string) {
    change.mutate({ [name]: "" }, { onSuccess: () => toast.done(`${name} is removed.`), onError: toast.failed });
  }

  const columns: Column<Row>[] = [
    {
      id: "name",
      label: "Name",
      main: true,
      sort: ({ name }) => name,
      cell: (row) => (
        <button type="button" onClick={() => setEdited(row)} className="rounded font-mono text-[0.8125rem] font-medium hover:text-accent">
          {row.name}
        </button>
      ),
    },
    { id: "value", label: "Value", cell: ({ value }) => <code className="font-mono text-[0.8125rem] wrap-anywhere">{value}</code> },
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: ({ name, value }) => (
        <span className="inline-flex">
          <CopyButton text={value} label={`Copy the value of ${name}`} />
          <IconButton label={`Remove ${name}`} icon={<Trash2 />} onClick={() => remove(name)} />
        </span>
      ),
    },
  ];

  return (
    <Card
      flush
      title="Build variables"
      description="For the build: ARG of a Dockerfile, the environment of build commands. They take effect with the next deployment, may stay in what was built, and are no place for secrets."
      actions={
        <>
          <Button icon={<ClipboardPaste />} onClick={() => setPasting(true)}>
            Paste a .env
          </Button>
          <Button kind="primary" icon={<Plus />} onClick={() => setEdited({ name: "", value: "" })}>
            Add
          </Button>
        </>
      }
    >
      <DataTable
        label="Build variables"
        columns={columns}
        rows={rows}
        keyOf={({ name }) => name}
        state={queryState(settings)}
        empty={
          <EmptyState icon={<Variable />} title="No variables">
            Add one, or paste a .env file.
          </EmptyState>
        }
      />
      <VariableDialog key={edited?.name ?? ""} project={project} edited={edited} onClose={() => setEdited(null)} />
      <PasteDialog project={project} open={isPasting} onOpenChange={setPasting} />
    </Card>
  );
}
