import type { ReactNode } from "react";

interface Props {
  label: string;
  value: string;
  note?: ReactNode;
  trend?: ReactNode; // a sparkline: how it came there
}

// A number that matters.
export function Figure({ label, value, note, trend }: Props) {
  return (
    <div className="grid content-start gap-1 rounded-xl border border-line bg-surface p-4 sm:px-5">
      <dt className="text-[0.8125rem] text-muted">{label}</dt>
      <dd className="text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
      {note && <dd className="text-[0.8125rem] text-muted tabular-nums">{note}</dd>}
      {trend && <dd className="pt-1">{trend}</dd>}
    </div>
  );
}

export function Figures({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,10.5rem),1fr))] gap-4">{children}</dl>;
}
