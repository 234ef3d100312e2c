import { bytes, milliseconds } from "@/lib/format";
import { Badge } from "@/ui/badge";
import type { Column } from "@/ui/data-table";
import { Time } from "@/ui/time";
import { Tooltip } from "@/ui/tooltip";
import type { Visit } from "@/features/requests/queries";
import { toneOf } from "@/features/requests/visits";

export const requestColumns: Column<Visit>[] = [
  {
    id: "request",
    label: "Request",
    main: true,
    cell: ({ method, path, host, user_agent: agent }) => (
      <span className="grid min-w-0">
        <span className="wrap-anywhere">
          <span className="text-muted">{method}</span> <span className="font-mono text-[0.8125rem]">{path}</span>
        </span>
        <span className="line-clamp-1 text-xs break-all text-muted" title={agent}>
          {host}
          {agent && ` · ${agent}`}
        </span>
      </span>
    ),
  },
  { id: "status", label: "Status", cell: ({ status }) => <Badge tone={toneOf(status)}>{status === 0 ? "gone" : status}</Badge> },
  {
    id: "took",
    label: "Took",
    align: "end",
    cell: ({ milliseconds: took, upstream_milliseconds: app }) =>
      app === undefined ? (
        milliseconds(took)
      ) : (
        <Tooltip text={`The app's first byte after ${milliseconds(app)}`}>
          <span tabIndex={0} className="rounded-sm">
            {milliseconds(took)}
          </span>
        </Tooltip>
      ),
  },
  { id: "sent", label: "Sent", align: "end", cell: ({ sent_bytes: sent }) => bytes(sent) },
  { id: "release", label: "Release", align: "end", cell: ({ deployment }) => (deployment > 0 ? `#${deployment}` : "–") },
  { id: "client", label: "From", cell: ({ client }) => <code className="font-mono text-xs break-all">{client}</code> },
  { id: "when", label: "When", align: "end", cell: ({ time }) => <Time at={time} /> },
];
