import { Check, Minus, X } from "lucide-react";

import { cx } from "@/lib/class-names";
import { duration } from "@/lib/format";
import { Spinner } from "@/ui/spinner";

export type StageState = "waiting" | "running" | "done" | "failed" | "skipped";

export interface Stage {
  name: string;
  state: StageState;
  seconds?: number;
}

const looks: Record<StageState, { icon: React.ReactNode; className: string; words: string }> = {
  waiting: { icon: <span className="size-1.5 rounded-full bg-current" />, className: "text-faint", words: "to come" },
  running: { icon: <Spinner />, className: "text-wait", words: "under way" },
  done: { icon: <Check className="size-4" />, className: "text-good", words: "done" },
  failed: { icon: <X className="size-4" />, className: "text-bad", words: "failed" },
  skipped: { icon: <Minus className="size-4" />, className: "text-faint", words: "left out" },
};

// Long work in its parts: what is done, what is under way, what is to come.
export function Stages({ label, stages }: { label: string; stages: readonly Stage[] }) {
  return (
    <ol aria-label={label} className="flex flex-wrap gap-x-2 gap-y-3">
      {stages.map((stage, index) => (
        <li key={stage.name} aria-current={stage.state === "running" ? "step" : undefined} className="flex items-center gap-2">
          {index > 0 && <span aria-hidden className="hidden h-px w-6 bg-line-strong sm:block" />}
          <span aria-hidden className={cx("grid size-5 place-items-center", looks[stage.state].className)}>
            {looks[stage.state].icon}
          </span>
          <span className={stage.state === "waiting" || stage.state === "skipped" ? "text-muted" : "font-medium"}>
            {stage.name}
            <span className="sr-only">, {looks[stage.state].words}</span>
          </span>
          {stage.seconds !== undefined && <span className="text-[0.8125rem] text-muted tabular-nums">{duration(stage.seconds)}</span>}
        </li>
      ))}
    </ol>
  );
}
