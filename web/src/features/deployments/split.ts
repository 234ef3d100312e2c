// Two releases that share the visitors.
import { isFormerRelease, type Deployment } from "@/lib/deployment-state";
import type { Split, SplitPart } from "@/features/deployments/queries";

export interface Share {
  number: number;
  percent: number;
}

export function sharesOf(releases: readonly SplitPart[]): Share[] {
  const whole = releases.reduce((sum, { weight }) => sum + weight, 0);
  return releases.map(({ number, weight }) => ({ number, percent: whole > 0 ? (100 * weight) / whole : 0 }));
}

// "7.5 %", "10 %"
export function percentText(percent: number): string {
  return `${Number(percent.toFixed(1))} %`;
}

// `percent` of the visitors to `other`, the rest to the live release.
export function wishOf(live: number, other: number, percent: number): SplitPart[] {
  return [
    { number: live, weight: 100 - percent },
    { number: other, weight: percent },
  ];
}

// Whole percents that leave something for both.
export function readPercent(text: string): number | null {
  const percent = Number(text);
  return /^\d+$/.test(text.trim()) && percent >= 1 && percent <= 99 ? percent : null;
}

// What can share with the live release: what has been live.
export function candidates(deployments: readonly Deployment[]): Deployment[] {
  return deployments.filter((deployment) => isFormerRelease(deployment));
}

// What is said of the last attempt, where it did not come to what is shown.
export function attemptText({ attempt }: Split): { text: string; failed: boolean } | null {
  if (!attempt) return null;
  const wanted = sharesOf(attempt.releases)
    .map(({ number, percent }) => `#${number} ${percentText(percent)}`)
    .join(", ");
  if (attempt.status === "waiting" || attempt.status === "running") {
    return { text: `On its way: ${wanted}. The release is started and checked first.`, failed: false };
  }
  if (attempt.status !== "failed") return null;
  return { text: `The last split (${wanted}) failed: ${attempt.error ?? "see the server's log"}`, failed: true };
}
