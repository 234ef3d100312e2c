import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Download, ScrollText } from "lucide-react";
import { useState } from "react";

import { StatusBadge } from "@/ui/badge";
import { buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { EntryDialog } from "@/features/audit/components/entry-dialog";
import { FilterBar } from "@/features/audit/components/filter-bar";
import { actorName, credentialOf, outcomeBadges, targetOf } from "@/features/audit/entry";
import { isFiltered } from "@/features/audit/filters";
import { auditQuery, exportAddress, type Entry } from "@/features/audit/queries";

const from = "/shell/settings/audit";

export function AuditPage() {
  const filters = useSearch({ from });
  const { rows, state } = pagesState(useInfiniteQuery(auditQuery(filters)));
  const [shown, setShown] = useState<Entry | null>(null);
  return (
    <Card
      flush
      title="Audit log"
      description="Every change, who made it, from where, and what was before and after. Entries are never changed or removed."
      actions={
        <>
          <Export label="CSV" address={exportAddress(filters, "csv")} />
          <Export label="NDJSON" address={exportAddress(filters, "ndjson")} />
        </>
      }
    >
      <FilterBar filters={filters} operations={[...new Set(rows.map(({ operation }) => operation))].sort()} />
      <DataTable
        label="Audit log"
        columns={columnsOf(setShown)}
        rows={rows}
        keyOf={({ id }) => id}
        state={state}
        empty={
          <EmptyState icon={<ScrollText />} title={isFiltered(filters) ? "No entry answers to this" : "Nothing was changed yet"}>
            {isFiltered(filters) ? "Take a filter away to see more." : "What anybody changes stands here from then on."}
          </EmptyState>
        }
      />
      <EntryDialog entry={shown} onClose={() => setShown(null)} />
    </Card>
  );
}

function Export({ label, address }: { label: string; address: string }) {
  return (
    <a href={address} download className={buttonClass()}>
      <Download aria-hidden />
      <span className="sr-only">Download these entries as </span>
      {label}
    </a>
  );
}

function columnsOf(show: (entry: Entry) => void): Column<Entry>[] {
  return [
    {
      id: "what",
      label: "What",
      main: true,
      cell: (entry) => (
        <button type="button" onClick={() => show(entry)} className="rounded text-left font-medium wrap-anywhere hover:text-accent">
          {entry.summary}
        </button>
      ),
    },
    { id: "time", label: "When", cell: ({ time }) => <Time at={time} /> },
    {
      id: "who",
      label: "Who",
      cell: ({ actor }) => (
        <span className="grid min-w-0 justify-items-end text-right sm:min-w-44 sm:justify-items-start sm:text-left">
          <span className="wrap-anywhere">{actorName(actor)}</span>
          {credentialOf(actor) && <span className="text-[0.8125rem] text-muted wrap-anywhere">{credentialOf(actor)}</span>}
        </span>
      ),
    },
    {
      id: "target",
      label: "On",
      cell: ({ project, target }) => (
        <span className="grid min-w-0 justify-items-end text-right sm:justify-items-start sm:text-left">
          {project && <span className="wrap-anywhere">{project}</span>}
          {targetOf(target) && <span className="text-[0.8125rem] text-muted wrap-anywhere">{targetOf(target)}</span>}
          {!project && !targetOf(target) && <span className="text-faint">–</span>}
        </span>
      ),
    },
    {
      id: "outcome",
      label: "Outcome",
      cell: ({ outcome }) => <StatusBadge {...(outcomeBadges[outcome] ?? { tone: "neutral", label: outcome })} />,
    },
  ];
}
