import { expect, test } from "vitest";

import type { LogLine } from "@/lib/api/log-lines";
import { deploymentsOf, levelOf, linesOf, readStream } from "@/features/logs/lines";

test.each([
  ["ERROR cannot connect", "error"],
  ["2026-01-15T12:00:00Z [error] cannot connect", "error"],
  ["TypeError: x is not a function", "error"],
  ['{"level":50,"msg":"broken"}', "error"],
  ['{"level":"warn","msg":"slow"}', "warning"],
  ["level=fatal msg=gone", "error"],
  ["\u001b[33mwarning\u001b[0m old dependency", "warning"],
  ['{"level":30,"msg":"error page sent"}', "other"],
  ["GET /errors 200", "other"],
  ["INFO no error was found", "other"],
  ["", "other"],
])("the level of %j is %s", (text, level) => {
  expect(levelOf(text)).toBe(level);
});

function line(sequence: number, text: string, rest: Partial<LogLine> = {}): LogLine {
  return { sequence, time: "2026-01-15T12:00:00Z", stream: "out", text, ...rest };
}

test("filters hold together", () => {
  const lines = [
    line(1, "ERROR a", { deployment: 12 }),
    line(2, "warn a", { deployment: 14 }),
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
