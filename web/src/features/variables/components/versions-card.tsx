import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";

import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { versionsQuery, type Place, type Version } from "@/features/variables/queries";

function Names({ names, sign }: { names: readonly string[]; sign: string }) {
  return names.map((name) => (
    <code key={name} className="font-mono text-xs wrap-anywhere">
      {sign}
      {name}
    </code>
  ));
}

// `used`: the version that the live release runs with.
export function VersionsCard({ place, used }: { place: Place; used: number | undefined }) {
  const { rows, state } = pagesState(useInfiniteQuery(versionsQuery(place)));
  const columns: Column<Version>[] = [
    {
      id: "version",
      label: "Version",
      main: true,
      cell: ({ number }) => (
        <span className="inline-flex items-center gap-2">
          {number} {number === used && <Badge tone="good">Live release</Badge>}
        </span>
      ),
    },
    {
      id: "changes",
      label: "Changes",
      cell: ({ set, removed }) => (
        <span className="flex min-w-0 flex-wrap justify-end gap-x-2 sm:justify-start">
          <Names names={set} sign="+" />
          <Names names={removed} sign="−" />
        </span>
      ),
    },
    { id: "by", label: "By", cell: ({ made_by: by }) => <span className="wrap-anywhere">{by}</span> },
    { id: "when", label: "When", align: "end", cell: ({ made_at: at }) => <Time at={at} /> },
  ];
  return (
    <Card flush title="Versions" description="Every change makes one. A deployment runs with that of the moment when it was asked for.">
      <DataTable
        label="Versions"
        columns={columns}
        rows={rows}
        keyOf={({ number }) => number}
        state={state}
        empty={<EmptyState icon={<History />} title="No version yet">The first variable makes it.</EmptyState>}
      />
    </Card>
  );
}
