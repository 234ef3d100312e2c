import { useMemo } from "react";

import { milliseconds } from "@/lib/format";
import { StatusBadge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { Chart } from "@/ui/chart";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Facts } from "@/ui/facts";
import { Figure, Figures } from "@/ui/figure";
import { Sparkline } from "@/ui/sparkline";
import { Time } from "@/ui/time";
import { madeUpRows, madeUpSeries, madeUpTimes, type Row } from "@/features/gallery/made-up";

const columns: Column<Row>[] = [
  { id: "name", label: "Project", main: true, sort: ({ name }) => name, cell: ({ name }) => <span className="font-medium">{name}</span> },
  { id: "state", label: "State", cell: ({ tone, state }) => <StatusBadge tone={tone} label={state} /> },
  { id: "visits", label: "Last hour", cell: ({ name, visits }) => <Sparkline label={`Visits of ${name}`} values={visits} /> },
  { id: "p95", label: "p95", align: "end", sort: ({ p95 }) => p95, cell: ({ p95 }) => milliseconds(p95) },
  { id: "when", label: "Deployed", align: "end", cell: ({ at }) => <Time at={at} /> },
];

export function Data() {
  const times = useMemo(() => madeUpTimes(), []);
  const series = useMemo(() => madeUpSeries(), []);
  const rows = useMemo(() => madeUpRows(), []);
  return (
    <>
      <Figures>
        <Figure label="Requests" value="128.4/s" note="1,204,311 since the start" />
        <Figure label="Half answered within" value="12 ms" note="95 % within 84 ms" />
        <Figure label="Server errors" value="0.1 %" note="2xx 97.2 %, 4xx 2.7 %" />
        <Figure label="Memory" value="58.3 %" note="2.3 GB of 4.0 GB" trend={<Sparkline label="Memory, 58.3 % now" values={rows[0]?.visits ?? []} most={40} />} />
      </Figures>
      <Card title="Requests" description="By second.">
        <Chart times={times} series={series} format={(value) => value.toFixed(0)} />
      </Card>
      <Card flush title="Projects">
        <DataTable
          label="Projects"
          columns={columns}
          rows={rows}
          keyOf={({ name }) => name}
          empty={null}
          state={{ more: { has: true, isLoading: false, load: () => undefined } }}
        />
      </Card>
      <div className="grid items-start gap-5 md:grid-cols-2">
        <Card flush title="Loading">
          <DataTable label="Loading" columns={columns.slice(0, 2)} rows={[]} keyOf={({ name }) => name} empty={null} state={{ isLoading: true }} />
        </Card>
        <Card flush title="Empty">
          <DataTable label="Empty" columns={columns.slice(0, 2)} rows={[]} keyOf={({ name }) => name} empty={<EmptyState title="Nothing yet">It fills by itself.</EmptyState>} />
        </Card>
      </div>
      <Card title="Facts">
        <Facts
          facts={[
            ["State", <StatusBadge key="state" tone="good" label="Live" />],
            ["Begun", <Time key="begun" at={rows[0]?.at ?? ""} />],
            ["Branch", "main"],
            ["Commit", <code key="commit" className="font-mono text-[0.8125rem]">3f9c2ab</code>],
          ]}
        />
      </Card>
    </>
  );
}
