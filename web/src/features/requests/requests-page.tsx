import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Globe } from "lucide-react";
import { useEffect, useMemo, useState } from "react";

import { asProblem, type Problem } from "@/lib/api/problem";
import { useEnvironment } from "@/lib/environments/chosen";
import { sinceOf, spans } from "@/lib/spans";
import { Card } from "@/ui/card";
import { DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ProblemAlert } from "@/ui/problem-alert";
import { SearchField } from "@/ui/search-field";
import { Select } from "@/ui/select";
import { Switch } from "@/ui/switch";
import { pagesState } from "@/ui/table-state";
import { requestColumns } from "@/features/requests/columns";
import { newer, visitsQuery, type Visit, type Wish } from "@/features/requests/queries";
import { lastId, readStatus, statuses, withNewer } from "@/features/requests/visits";

const from = "/shell/projects/$project/requests";
const newerEveryMilliseconds = 2000;

export function RequestsPage() {
  const { project } = useParams({ from });
  const environment = useEnvironment();
  const { status, path, since } = useSearch({ from });
  const [isLive, setLive] = useState(true);
  // The moment stays: it is part of what is asked.
  const wish = useMemo<Wish>(
    () => ({ project, environment, status: readStatus(status), path, since: sinceOf(since, new Date()) }),
    [project, environment, status, path, since],
  );
  return (
    <Card
      flush
      title="Requests"
      description="Each request of a visitor, as the proxy answered it, the newest first."
      actions={<Switch label="Live" checked={isLive} onChange={setLive} />}
    >
      <Filters />
      <div className="border-t border-line">
        <Visits key={JSON.stringify(wish)} wish={wish} isLive={isLive} />
      </div>
    </Card>
  );
}

function Filters() {
  const search = useSearch({ from });
  const navigate = useNavigate({ from: "/projects/$project/requests" });
  const change = (changed: typeof search) => void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const status = search.status ?? "";
  const isOther = !statuses.some(({ value }) => value === status);
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 py-2.5">
      <SearchField
        label="Path that begins with"
        placeholder="/path that begins with…"
        value={search.path ?? ""}
        onChange={(path) => change({ path: path || undefined })}
        className="w-full sm:w-64"
      />
      <Select
        aria-label="Status"
        options={isOther ? [...statuses, { value: status, label: status }] : statuses}
        value={status}
        onChange={({ target }) => change({ status: target.value || undefined })}
        className="w-full sm:w-40"
      />
      <Select
        aria-label="Since"
        options={[{ value: "", label: "At any time" }, ...spans]}
        value={search.since ?? ""}
        onChange={({ target }) => change({ since: target.value || undefined })}
        className="w-full sm:w-40"
      />
    </div>
  );
}

function Visits({ wish, isLive }: { wish: Wish; isLive: boolean }) {
  const earlier = useInfiniteQuery(visitsQuery(wish));
  const { rows, state } = pagesState(earlier);
  const begin = earlier.isSuccess ? lastId(rows) : null;
  const { fresh, problem } = useNewer(wish, isLive ? begin : null);
  const all = useMemo(() => [...fresh, ...rows], [fresh, rows]);
  const isFiltered = wish.status !== undefined || wish.path !== undefined || wish.since !== undefined;
  return (
    <>
      {problem && (
        <div className="p-4">
          <ProblemAlert error={problem} />
        </div>
      )}
      <DataTable
        label="Requests"
        columns={requestColumns}
        rows={all}
        keyOf={({ id }) => id}
        state={state}
        empty={
          <EmptyState icon={<Globe />} title={isFiltered ? "No request answers to this" : "No request yet"}>
            {isLive ? "It is shown here as soon as there is one." : "Switch on Live to see those that come."}
          </EmptyState>
        }
      />
    </>
  );
}

// Asks again and again for what came since; nothing while `begin` is null.
function useNewer(wish: Wish, begin: number | null): { fresh: readonly Visit[]; problem: Problem | null } {
  const [fresh, setFresh] = useState<readonly Visit[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const last = Math.max(begin ?? 0, lastId(fresh));
  useEffect(() => {
    if (begin === null) return undefined;
    const control = new AbortController();
    const timer = setTimeout(() => void ask(), newerEveryMilliseconds);
    async function ask() {
      try {
        const found = await newer(wish, last, control.signal);
        setProblem(null);
        // A new list each time, so that it is asked again.
        setFresh((before) => [...withNewer(before, found)]);
      } catch (error) {
        if (control.signal.aborted) return;
        const told = asProblem(error);
        // The banner of the shell says that the server does not answer.
        if (told.status > 0) setProblem(told);
        setFresh((before) => [...before]);
      }
    }
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [wish, begin, last, fresh]);
  return { fresh, problem };
}

