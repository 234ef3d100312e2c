// Which of the lines are shown.
import type { LogLine } from "@/lib/api/log-lines";
import { plainText } from "@/lib/ansi";

export type Stream = "all" | "out" | "err" | "warnings" | "errors";

export const streams: readonly { value: Stream; label: string }[] = [
  { value: "all", label: "All output" },
  { value: "out", label: "Standard output" },
  { value: "err", label: "Standard error" },
  { value: "warnings", label: "Warnings and errors" },
  { value: "errors", label: "Errors" },
];

export function readStream(text: string | undefined): Stream {
  return streams.find(({ value }) => value === text)?.value ?? "all";
}

export type Level = "error" | "warning" | "other";

// Apps write as they like: the word in front, {"level":50}, level=warn. Only the beginning is looked
// at, so that a line about errors is none.
export function levelOf(text: string): Level {
  const start = plainText(text).slice(0, 200);
  const field = /["']?(?:level|severity|lvl)["']?\s*[:=]\s*["']?(\w+)/i.exec(start)?.[1]?.toLowerCase();
  const word = field ?? /(?:^|[\s[(])(error|fatal|critical|panic|warn(?:ing)?|info|debug)\b/i.exec(start.slice(0, 60))?.[1]?.toLowerCase();
  if (word === undefined) return /^\w*(?:Error|Exception)\b/.test(start) ? "error" : "other";
  // Numbers as pino and bunyan count.
  if (/^\d+$/.test(word)) return Number(word) >= 50 ? "error" : Number(word) >= 40 ? "warning" : "other";
  if (/^(err|fatal|crit|panic|emerg|alert)/.test(word)) return "error";
  return word.startsWith("warn") ? "warning" : "other";
}

function fits(line: LogLine, stream: Stream): boolean {
  if (stream === "all") return true;
  if (stream === "out" || stream === "err") return line.stream === stream;
  const level = levelOf(line.text);
  return level === "error" || (level === "warning" && stream === "warnings");
}

export interface Filter {
  stream: Stream;
  contains: string;
  deployment?: number;
}

export function linesOf(lines: readonly LogLine[], { stream, contains, deployment }: Filter): readonly LogLine[] {
  if (stream === "all" && contains === "" && deployment === undefined) return lines;
  return lines.filter(
    (line) =>
      fits(line, stream) && line.text.includes(contains) && (deployment === undefined || line.deployment === deployment),
  );
}

// Whose apps wrote these lines, the newest first.
export function deploymentsOf(lines: readonly LogLine[]): number[] {
  const found = new Set<number>();
  for (const { deployment } of lines) if (deployment !== undefined) found.add(deployment);
  return [...found].sort((a, b) => b - a);
}
