// Which of the lines are shown.
import type { LogLine } from "@/lib/api/log-lines";

export type Stream = "all" | "out" | "err";

export const streams: readonly { value: Stream; label: string }[] = [
  { value: "all", label: "All output" },
  { value: "out", label: "Standard output" },
  { value: "err", label: "Errors" },
];

export function linesOf(lines: readonly LogLine[], stream: Stream, contains: string): readonly LogLine[] {
  if (stream === "all" && contains === "") return lines;
  return lines.filter((line) => (stream === "all" || line.stream === stream) && line.text.includes(contains));
}
