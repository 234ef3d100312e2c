import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Download, Pause, Play, Search } from "lucide-react";
import { useEffect, useState } from "react";

import { plainText } from "@/lib/ansi";
import { useLogLines, type LogLine } from "@/lib/api/log-lines";
import { count } from "@/lib/format";
import { Card } from "@/ui/card";
import { IconButton } from "@/ui/icon-button";
import { Input } from "@/ui/input";
import { LogView } from "@/ui/log-view";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { StreamBadge } from "@/ui/stream-badge";
import { downloadText } from "@/lib/download";
import { appLogAddress } from "@/features/logs/queries";
import { linesOf, streams, type Stream } from "@/features/logs/lines";

const from = "/shell/projects/$project/logs";
const typingPauseMilliseconds = 300;

export function LogsPage() {
  const { project } = useParams({ from });
  const { contains = "" } = useSearch({ from });
  const [stream, setStream] = useState<Stream>("all");
  const [held, setHeld] = useState<readonly LogLine[] | null>(null);
  const log = useLogLines(appLogAddress(project, contains));
  // The server filters what is there already; what is streamed comes whole.
  const lines = linesOf(held ?? log.lines, stream, contains);
  return (
    <Card flush title="Logs" description="What the app prints, the newest 500 lines and then live." actions={<StreamBadge state={log.state} />}>
      <div className="flex flex-wrap items-center gap-2 px-3 py-2.5">
        <SearchField key={project} />
        <Select
          aria-label="Stream"
          options={streams}
          value={stream}
          onChange={(event) => setStream(event.target.value as Stream)}
          className="w-40"
        />
        <span className="flex-1" />
        <span className="text-[0.8125rem] text-muted tabular-nums">{count(lines.length)} lines</span>
        <IconButton
          label={held ? "Go on" : "Hold"}
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
          empty={contains || stream !== "all" ? "No line answers to this." : "The app has printed nothing yet."}
        />
      </div>
    </Card>
  );
}

// Into the address, a moment after the last key.
function SearchField() {
  const { contains = "" } = useSearch({ from });
  const navigate = useNavigate({ from: "/projects/$project/logs" });
  const [typed, setTyped] = useState(contains);
  useEffect(() => {
    if (typed === contains) return undefined;
    const timer = setTimeout(
      () => void navigate({ search: typed ? { contains: typed } : {}, replace: true }),
      typingPauseMilliseconds,
    );
    return () => clearTimeout(timer);
  }, [typed, contains, navigate]);
  return (
    <span className="relative w-full sm:w-72">
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
      <Input
        type="search"
        aria-label="Only lines that contain"
        placeholder="Only lines that contain…"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="pl-8"
      />
    </span>
  );
}
