import type { ReactNode } from "react";

import { cx } from "@/lib/class-names";
import type { Tone } from "@/lib/tone";



const tones: Record<Tone, string> = {
  neutral: "bg-hover text-muted",
  good: "bg-good-soft text-good",
  bad: "bg-bad-soft text-bad",
  wait: "bg-wait-soft text-wait",
  accent: "bg-accent-soft text-accent",
};

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex h-5.5 shrink-0 items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}

// A state: the dot says it in colour, the word in words; what is under way pulses.
export function StatusBadge({ tone, label, busy }: { tone: Tone; label: string; busy?: boolean }) {
  return (
    <Badge tone={tone}>
      <span aria-hidden className={cx("size-1.5 rounded-full bg-current", busy && "animate-pulse")} />
      {label}
    </Badge>
  );
}
