import type { ReactNode } from "react";

import { changesBetween } from "@/lib/json-diff";
import { exactTime } from "@/lib/time";
import { StatusBadge } from "@/ui/badge";
import { CodeBlock } from "@/ui/code-block";
import { Dialog } from "@/ui/dialog";
import { DiffTable } from "@/ui/diff-table";
import { actorName, credentialOf, outcomeBadges, targetOf } from "@/features/audit/entry";
import type { Entry } from "@/features/audit/queries";

export function EntryDialog({ entry, onClose }: { entry: Entry | null; onClose: () => void }) {
  return (
    <Dialog wide open={entry !== null} onOpenChange={(open) => !open && onClose()} title={entry?.summary ?? ""}>
      {entry && <Details entry={entry} />}
    </Dialog>
  );
}

function Details({ entry }: { entry: Entry }) {
  const badge = outcomeBadges[entry.outcome] ?? { tone: "neutral" as const, label: entry.outcome };
  const facts: [string, ReactNode][] = [
    ["When", exactTime(new Date(entry.time))],
    ["Who", [actorName(entry.actor), credentialOf(entry.actor)].filter(Boolean).join(", with ")],
    ["From", entry.client || "–"],
    ["With", entry.user_agent || "–"],
    ["Operation", <Code key="operation" text={entry.operation} />],
    ["On", [entry.project, targetOf(entry.target)].filter(Boolean).join(", ") || "–"],
    ["Outcome", <StatusBadge key="outcome" {...badge} />],
    ["Answer", entry.status ? `${entry.status}${entry.error ? `, ${entry.error}` : ""}` : "not known"],
    ["Request", <Code key="request" text={entry.request_id || "–"} />],
  ];
  return (
    <div className="grid gap-5">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-[0.8125rem] text-muted max-sm:-mb-2">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <Difference entry={entry} />
      {entry.given !== undefined && entry.given !== null && (
        <section className="grid gap-2">
          <h3 className="font-semibold">What was sent</h3>
          <CodeBlock code={JSON.stringify(entry.given, null, 2)} label="Copy what was sent" />
        </section>
      )}
    </div>
  );
}

function Difference({ entry: { before, after } }: { entry: Entry }) {
  const changes = changesBetween(before, after);
  if (changes.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">What changed</h3>
      <DiffTable label="What changed" changes={changes} />
    </section>
  );
}

function Code({ text }: { text: string }) {
  return <code className="font-mono text-[0.8125rem]">{text}</code>;
}
