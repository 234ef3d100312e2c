import { count, milliseconds } from "@/lib/format";
import type { Tone } from "@/lib/tone";
import { StatusBadge } from "@/ui/badge";
import type { Column } from "@/ui/data-table";
import { Time } from "@/ui/time";
import type { ProxyReport, Upstream } from "@/features/proxy/queries";

const healths: Record<Upstream["health"], { label: string; tone: Tone }> = {
  ok: { label: "Answers", tone: "good" },
  failing: { label: "Fails at times", tone: "wait" },
  out: { label: "Does not answer", tone: "bad" },
};

export const upstreamColumns: Column<Upstream>[] = [
  {
    id: "release",
    label: "Release",
    main: true,
    sort: ({ release, id }) => release || id,
    cell: ({ release, id, address }) => (
      <span className="grid min-w-0">
        <span className="font-medium wrap-anywhere">{release || id}</span>
        <code className="font-mono text-xs wrap-anywhere text-muted">{address}</code>
      </span>
    ),
  },
  { id: "health", label: "Health", cell: ({ health }) => <StatusBadge {...healths[health]} /> },
  { id: "open", label: "Open", align: "end", sort: (row) => row.in_flight, cell: (row) => count(row.in_flight) },
  { id: "answers", label: "Answers", align: "end", sort: (row) => row.answers, cell: (row) => count(row.answers) },
  { id: "s5xx", label: "5xx", align: "end", sort: (row) => row.statuses.s5xx, cell: (row) => count(row.statuses.s5xx) },
  { id: "failures", label: "No answer", align: "end", sort: (row) => row.failures, cell: (row) => count(row.failures) },
  { id: "p50", label: "p50", align: "end", sort: (row) => row.latency.p50, cell: (row) => milliseconds(row.latency.p50) },
  { id: "p95", label: "p95", align: "end", sort: (row) => row.latency.p95, cell: (row) => milliseconds(row.latency.p95) },
  { id: "p99", label: "p99", align: "end", sort: (row) => row.latency.p99, cell: (row) => milliseconds(row.latency.p99) },
];

export const certificateColumns: Column<ProxyReport["certificates"][number]>[] = [
  { id: "names", label: "Names", main: true, cell: ({ names }) => <span className="font-medium wrap-anywhere">{names.join(", ")}</span> },
  {
    id: "expires",
    label: "Expires",
    align: "end",
    cell: ({ expires_at: at }) => (at ? <Time at={at} /> : "not known"),
  },
];
