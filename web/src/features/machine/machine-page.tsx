import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Container, ListChecks, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";

import { checksQuery } from "@/lib/checks/queries";
import { duration } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Checks } from "@/ui/check-list";
import { DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { SkeletonCard } from "@/ui/skeleton";
import { pagesState, queryState } from "@/ui/table-state";
import { jobColumns, usageColumns } from "@/features/machine/columns";
import { Sight } from "@/features/machine/components/sight";
import { jobsQuery, machineQuery, usageQuery, type Machine } from "@/features/machine/queries";
import { jobStates, readJobStatus, withSample, type Sample } from "@/features/machine/samples";

export function MachinePage() {
  const machine = useQuery(machineQuery);
  const samples = useSamples(machine.data, machine.dataUpdatedAt);
  const maySeeJobs = useMay("machine.jobs");
  return (
    <Page title="Machine" description={machine.data ? describe(machine.data) : "The server that everything here runs on."}>
      {machine.isPending && <SkeletonCard lines={5} />}
      {machine.isError && <ProblemAlert error={machine.error} onRetry={() => machine.refetch()} />}
      {machine.data && <Sight machine={machine.data} samples={samples} />}
      {machine.data && <ChecksCard />}
      {machine.data && <Instances />}
      {maySeeJobs && <Jobs />}
    </Page>
  );
}

function describe({ host_name: host, system, uptime_seconds: up }: Machine): string {
  return `${host} · ${system} · runs for ${duration(up)}`;
}

function useSamples(machine: Machine | undefined, time: number): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    if (machine) setSamples((before) => withSample(before, time, machine));
  }, [machine, time]);
  return samples;
}

function ChecksCard() {
  const client = useQueryClient();
  const { isFetching } = useQuery(checksQuery);
  return (
    <Card
      flush
      title="Checks"
      description="Is the server fit to run Temps, and what is to be mended."
      actions={
        <Button size="small" icon={<RefreshCw />} busy={isFetching} onClick={() => void client.invalidateQueries(checksQuery)}>
          Look again
        </Button>
      }
    >
      <Checks />
    </Card>
  );
}

function Instances() {
  const usage = useQuery(usageQuery);
  return (
    <Card flush title="Apps" description="What runs here, and what it takes of the machine.">
      <DataTable
        label="Apps"
        columns={usageColumns}
        rows={usage.data?.items ?? []}
        keyOf={({ name }) => name}
        state={queryState(usage)}
        empty={<EmptyState icon={<Container />} title="No app runs">A project that is deployed is shown here.</EmptyState>}
      />
    </Card>
  );
}

const statuses = [
  { value: "", label: "All jobs" },
  ...Object.entries(jobStates).map(([value, { label }]) => ({ value, label })),
];

function Jobs() {
  const { jobs } = useSearch({ from: "/shell/machine" });
  const navigate = useNavigate({ from: "/machine" });
  const status = readJobStatus(jobs);
  const { rows, state } = pagesState(useInfiniteQuery(jobsQuery(status)));
  return (
    <Card
      flush
      title="Jobs"
      description="Work in the background: deployments, certificates, tidying up."
      actions={
        <Select
          aria-label="State of the jobs"
          options={statuses}
          value={status ?? ""}
          onChange={({ target }) => void navigate({ search: { jobs: target.value || undefined }, replace: true, resetScroll: false })}
          className="w-36"
        />
      }
    >
      <DataTable
        label="Jobs"
        columns={jobColumns}
        rows={rows}
        keyOf={({ id }) => id}
        state={state}
        empty={<EmptyState icon={<ListChecks />} title={status ? "No job is in this state" : "No job yet"} />}
      />
    </Card>
  );
}
