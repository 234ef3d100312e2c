import { bytes, count } from "@/lib/format";
import type { Tone } from "@/lib/tone";
import { StatusBadge } from "@/ui/badge";
import type { Column } from "@/ui/data-table";
import { Time } from "@/ui/time";
import type { Job, Usage } from "@/features/machine/queries";
import { jobStates } from "@/features/machine/samples";

const instanceStates: Record<Usage["status"], { label: string; tone: Tone }> = {
  running: { label: "Runs", tone: "good" },
  exited: { label: "Ended", tone: "bad" },
  missing: { label: "Gone", tone: "neutral" },
};

export const usageColumns: Column<Usage>[] = [
  {
    id: "name",
    label: "Instance",
    main: true,
    sort: ({ name }) => name,
    cell: ({ name, project }) => (
      <span className="grid min-w-0">
        <span className="font-medium wrap-anywhere">{name}</span>
        <span className="text-xs text-muted">{project}</span>
      </span>
    ),
  },
  { id: "state", label: "State", cell: ({ status }) => <StatusBadge {...instanceStates[status]} /> },
  { id: "cpus", label: "Processors", align: "end", sort: ({ cpus }) => cpus, cell: ({ cpus }) => cpus.toFixed(2) },
  {
    id: "memory",
    label: "Memory",
    align: "end",
    sort: ({ memory_bytes: used }) => used,
    cell: ({ memory_bytes: used, memory_bytes_max: most }) =>
      used === undefined ? "–" : `${bytes(used)}${most === undefined ? "" : ` of ${bytes(most)}`}`,
  },
];

export const jobColumns: Column<Job>[] = [
  {
    id: "kind",
    label: "Job",
    main: true,
    cell: ({ id, kind, key, error_code: code, error_detail: detail }) => (
      <span className="grid min-w-0">
        <span>
          <span className="text-muted">#{id}</span> <span className="font-medium">{kind}</span>
          {key && <code className="ml-1.5 font-mono text-xs wrap-anywhere text-muted">{key}</code>}
        </span>
        {(detail ?? code) && <span className="max-w-prose text-[0.8125rem] wrap-anywhere text-bad">{detail ?? code}</span>}
      </span>
    ),
  },
  { id: "state", label: "State", cell: ({ status }) => <StatusBadge {...jobStates[status]} /> },
  { id: "attempt", label: "Tries", align: "end", cell: ({ attempt }) => count(attempt) },
  { id: "run", label: "From", align: "end", cell: ({ run_at: at }) => <Time at={at} /> },
  { id: "end", label: "Ended", align: "end", cell: ({ finished_at: at }) => (at ? <Time at={at} /> : "–") },
];
