import { useInfiniteQuery } from "@tanstack/react-query";
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";

import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { Tooltip } from "@/ui/tooltip";
import { sessionsQuery, useEndOtherSessions, useEndSession, type Session } from "@/features/account/queries";

const facts: Column<Session>[] = [
  {
    id: "device",
    label: "Device",
    main: true,
    cell: ({ device, user_agent: agent, current }) => (
      <span className="flex flex-wrap items-center gap-2">
        <Tooltip text={agent || "It does not say what it is"}>
          <span tabIndex={0} className="rounded-sm font-medium">
            {device}
          </span>
        </Tooltip>
        {current && <Badge tone="accent">This one</Badge>}
      </span>
    ),
  },
  { id: "address", label: "Address", cell: ({ address }) => <code className="font-mono text-[0.8125rem]">{address}</code> },
  { id: "used", label: "Last used", cell: ({ last_used_at: at }) => <Time at={at} /> },
  { id: "begun", label: "Logged in", cell: ({ created_at: at }) => <Time at={at} /> },
  { id: "ends", label: "Ends", cell: ({ expires_at: at }) => <Time at={at} /> },
];

export function SessionsPage() {
  const { rows, state } = pagesState(useInfiniteQuery(sessionsQuery));
  const [ended, setEnded] = useState<Session | null>(null);
  const [endsOthers, setEndsOthers] = useState(false);
  const end = useEndSession();
  const endOthers = useEndOtherSessions();

  const columns: Column<Session>[] = [
    ...facts,
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (session) =>
        !session.current && (
          <Button size="small" onClick={() => setEnded(session)}>
            End<span className="sr-only"> the session of {session.device}</span>
          </Button>
        ),
    },
  ];

  return (
    <Card
      flush
      title="Sessions"
      description="Browsers in which you are logged in. One that you do not know? End it, and change your password."
      actions={rows.some(({ current }) => !current) && <Button onClick={() => setEndsOthers(true)}>End all others</Button>}
    >
      <DataTable
        label="Sessions"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        state={state}
        empty={<EmptyState icon={<MonitorSmartphone />} title="No sessions">Nobody is logged in as you with a browser.</EmptyState>}
      />
      <ConfirmDialog
        open={ended !== null}
        onOpenChange={(open) => !open && setEnded(null)}
        title={`End the session of ${ended?.device}?`}
        action="End the session"
        onConfirm={() => end.mutateAsync(ended?.id ?? 0)}
      >
        <p>That browser is logged out at once.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={endsOthers}
        onOpenChange={setEndsOthers}
        title="End all other sessions?"
        action="End them"
        onConfirm={() => endOthers.mutateAsync()}
      >
        <p>All browsers but this one are logged out at once. API keys stay.</p>
      </ConfirmDialog>
    </Card>
  );
}
