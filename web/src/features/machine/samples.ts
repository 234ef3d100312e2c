// What the machine did lately: it is asked every few seconds, and the last answers are kept.
import type { Tone } from "@/lib/tone";
import type { JobStatus, Machine } from "@/features/machine/queries";

export interface Sample {
  time: number; // milliseconds
  cpu: number; // 0 to 1
  memory: number; // 0 to 1
  load: number;
}

export const samplesMax = 100; // five minutes

export function memoryShare({ total_bytes: total, available_bytes: available }: Machine["memory"]): number {
  return total > 0 ? (total - available) / total : 0;
}

export function withSample(before: readonly Sample[], time: number, { cpu, memory }: Machine): readonly Sample[] {
  if (before.at(-1)?.time === time) return before;
  return [...before, { time, cpu: cpu.busy, memory: memoryShare(memory), load: cpu.load_1m }].slice(-samplesMax);
}

export function diskShare({ total_bytes: total, free_bytes: free }: Machine["disks"][number]): number {
  return total > 0 ? (total - free) / total : 0;
}

// Below 2 GB, or a tenth of a small disk, nothing is built any more.
const freeForBuilds = 2_147_483_648;

export function diskTone({ total_bytes: total, free_bytes: free }: Machine["disks"][number]): Tone {
  const wanted = Math.min(freeForBuilds, total / 10);
  if (free < wanted) return "bad";
  return free < 2 * wanted ? "wait" : "accent";
}

export const jobStates: Record<JobStatus, { label: string; tone: Tone; busy?: boolean }> = {
  waiting: { label: "Waits", tone: "neutral" },
  running: { label: "Runs", tone: "wait", busy: true },
  succeeded: { label: "Done", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "neutral" },
};

export function readJobStatus(text: string | undefined): JobStatus | undefined {
  return text !== undefined && Object.hasOwn(jobStates, text) ? (text as JobStatus) : undefined;
}
