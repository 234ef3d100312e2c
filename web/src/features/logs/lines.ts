// Which of the lines are shown.
import type { LogLine } from "@/lib/api/log-lines";

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

// What the server is asked for, so that the newest lines that answer are looked for in more than is shown.
export function serverLevel(stream: Stream): "warning" | "error" | undefined {
  if (stream === "errors") return "error";
  return stream === "warnings" ? "warning" : undefined;
}

function fits(line: LogLine, stream: Stream): boolean {
  if (stream === "all") return true;
  if (stream === "out" || stream === "err") return line.stream === stream;
  return line.level === "error" || (line.level === "warning" && stream === "warnings");
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
