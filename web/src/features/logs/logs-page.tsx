import { useParams, useSearch } from "@tanstack/react-router";
import { Download, Pause, Play } from "lucide-react";
import { useMemo, useState } from "react";

import { plainText } from "@/lib/ansi";
import { useLogLines, type LogLine } from "@/lib/api/log-lines";
import { useEnvironment } from "@/lib/environments/chosen";
import { count } from "@/lib/format";
import { sinceOf } from "@/lib/spans";
import { Card } from "@/ui/card";
import { IconButton } from "@/ui/icon-button";
import { LogView } from "@/ui/log-view";
import { ProblemAlert } from "@/ui/problem-alert";
import { StreamBadge } from "@/ui/stream-badge";
import { downloadText } from "@/lib/download";
import { Filters } from "@/features/logs/components/filters";
import { appLogAddress } from "@/features/logs/queries";
import { deploymentsOf, linesOf, readStream, serverLevel } from "@/features/logs/lines";

const from = "/shell/projects/$project/logs";

export function LogsPage() {
  const { project } = useParams({ from });
  const environment = useEnvironment();
  const search = useSearch({ from });
  const { contains = "" } = search;
  const stream = readStream(search.stream);
  const deployment = Number(search.deployment) || undefined;
  const [held, setHeld] = useState<readonly LogLine[] | null>(null);
  // The moment stays, so that the stream is not begun anew all the time.
  const since = useMemo(() => sinceOf(search.since, new Date()), [search.since]);
  const log = useLogLines(appLogAddress({ project, environment, contains, level: serverLevel(stream), since }));
  const all = held ?? log.lines;
  // The server filters, too; what is held or still on its way was asked for otherwise.
  const lines = useMemo(() => linesOf(all, { stream, contains, deployment }), [all, stream, contains, deployment]);
  const isFiltered = contains !== "" || stream !== "all" || deployment !== undefined || since !== undefined;
  return (
    <Card flush title="Logs" description="What the app prints, the newest lines and then live." actions={<StreamBadge state={log.state} />}>
      <div className="flex flex-wrap items-center gap-2 px-3 py-2.5">
        <Filters deployments={deploymentsOf(all)} />
        <span className="flex-1" />
        <span className="text-[0.8125rem] text-muted tabular-nums">{count(lines.length)} lines</span>
        <IconButton
          label={held ? "Follow again" : "Hold"}
          icon={held ? <Play /> : <Pause />}
          onClick={() => setHeld(held ? null : log.lines)}
        />
        <IconButton
          label="Download these lines"
          icon={<Download />}
          disabled={lines.length === 0}
          onClick={() => downloadText(`${project}.log`, lines.map(({ time, text }) => `${time} ${plainText(text)}\n`).join(""))}
        />
      </div>
      {log.problem && (
        <div className="px-3 pb-3">
          <ProblemAlert error={log.problem} />
        </div>
      )}
      <div className="border-t border-line">
        <LogView
          tall
          label={`Output of ${project}`}
          lines={lines}
          highlight={contains}
          empty={isFiltered ? "No line answers to this." : "The app has printed nothing yet."}
        />
      </div>
    </Card>
  );
}
