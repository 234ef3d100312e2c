import { expect, test } from "vitest";

import type { LogLine } from "@/lib/api/log-lines";
import { deploymentsOf, linesOf, readStream, serverLevel } from "@/features/logs/lines";

test("the server is asked for levels, not for streams", () => {
  expect(["all", "out", "err", "warnings", "errors"].map((stream) => serverLevel(readStream(stream)))).toEqual([
    undefined,
    undefined,
    undefined,
    "warning",
    "error",
  ]);
});

function line(sequence: number, text: string, rest: Partial<LogLine> = {}): LogLine {
  return { sequence, time: "2026-01-15T12:00:00Z", stream: "out", text, ...rest };
}

test("filters hold together", () => {
  const lines = [
    line(1, "ERROR a", { deployment: 12, level: "error" }),
    line(2, "warn a", { deployment: 14, level: "warning" }),
    line(3, "a", { stream: "err", deployment: 14 }),
  ];
  const shown = (filter: Parameters<typeof linesOf>[1]) => linesOf(lines, filter).map(({ sequence }) => sequence);
  expect(shown({ stream: "all", contains: "" })).toEqual([1, 2, 3]);
  expect(shown({ stream: "errors", contains: "a" })).toEqual([1]);
  expect(shown({ stream: "warnings", contains: "" })).toEqual([1, 2]);
  expect(shown({ stream: "err", contains: "" })).toEqual([3]);
  expect(shown({ stream: "warnings", contains: "", deployment: 14 })).toEqual([2]);
  expect(deploymentsOf(lines)).toEqual([14, 12]);
});

test("what stands in the address is made sense of, or left", () => {
  expect(readStream("err")).toBe("err");
  expect(readStream("nonsense")).toBe("all");
});
