import { cx } from "@/lib/class-names";
import type { Tone } from "@/lib/tone";

interface Props {
  label: string;
  value: number; // 0 to 1
  tone?: Tone;
}

const fills: Record<Tone, string> = {
  neutral: "bg-faint",
  good: "bg-good",
  bad: "bg-bad",
  wait: "bg-wait",
  accent: "bg-accent-fill",
};

export function Progress({ label, value, tone = "accent" }: Props) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div className={cx("h-full rounded-full transition-[width]", fills[tone])} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
