import { Check } from "lucide-react";

import { cx } from "@/lib/class-names";

interface Props {
  label: string;
  steps: readonly string[];
  at: number; // the present one, from 0
}

// The way through something that is done in order.
export function Steps({ label, steps, at }: Props) {
  return (
    <ol aria-label={label} className="flex flex-wrap items-center gap-x-2 gap-y-2">
      {steps.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined} className="flex items-center gap-2">
          {index > 0 && <span aria-hidden className="hidden h-px w-6 bg-line-strong sm:block" />}
          <span
            aria-hidden
            className={cx(
              "grid size-5.5 place-items-center rounded-full text-xs font-semibold",
              index < at && "bg-good-soft text-good",
              index === at && "bg-accent-fill text-on-accent",
              index > at && "bg-hover text-muted",
            )}
          >
            {index < at ? <Check className="size-3.5" /> : index + 1}
          </span>
          <span className={index === at ? "font-medium" : "text-muted"}>
            {step}
            {index < at && <span className="sr-only">, done</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
