import { sparklinePath } from "@/lib/sparkline";

interface Props {
  label: string; // what it shows, with the number that matters: there are no axes
  values: readonly (number | null)[];
  most?: number; // what the height stands for; without it, or above it, the largest value
}

const width = 96;
const height = 24;

export function Sparkline({ label, values, most }: Props) {
  return (
    <svg role="img" aria-label={label} viewBox={`-1 -1 ${width + 2} ${height + 2}`} className="h-6 w-24 text-accent">
      <path
        d={sparklinePath(values, width, height, most)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
