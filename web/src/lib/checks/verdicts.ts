// What the checks of the machine say, the worst first.
import type { Tone } from "@/lib/tone";
import type { Check } from "@/lib/checks/queries";

type Verdict = Check["verdict"];

export const verdicts: Record<Verdict, { label: string; tone: Tone }> = {
  failed: { label: "Does not work", tone: "bad" },
  warning: { label: "To mend soon", tone: "wait" },
  note: { label: "Could be better", tone: "accent" },
  ok: { label: "Fine", tone: "good" },
};
const order: readonly Verdict[] = ["failed", "warning", "note", "ok"];

export function worstFirst(checks: readonly Check[]): Check[] {
  return [...checks].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

export function summaryOf(checks: readonly Check[]): string {
  const failed = checks.filter(({ verdict }) => verdict === "failed").length;
  const soon = checks.filter(({ verdict }) => verdict === "warning").length;
  if (failed > 0) return failed === 1 ? "One thing does not work; how to mend it stands beside it." : `${failed} things do not work; how to mend them stands beside them.`;
  if (soon > 0) return soon === 1 ? "It works; one thing is to be mended soon." : `It works; ${soon} things are to be mended soon.`;
  return "Nothing stands in the way.";
}

// Commands can be copied; sentences are read. A fix of both ("apt-get …, then start …") is a sentence.
export function isCommand(fix: string): boolean {
  return /^[a-z][\w./-]* [^.]/.test(fix) && !/[,;] |\.$/.test(fix);
}
