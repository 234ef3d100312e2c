import { expect, test } from "vitest";

import { linesMax, withLines, type LogLine } from "@/lib/api/log-lines";

function lines(from: number, to: number): LogLine[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    sequence: from + index,
    time: "2026-01-15T12:00:00Z",
    stream: "out",
    text: String(from + index),
  }));
}

test("lines that come again are there once", () => {
  const once = withLines([], lines(1, 3));
  expect(withLines(once, lines(1, 3))).toBe(once);
  expect(withLines(once, lines(2, 5)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
});

test("the oldest are let go", () => {
  const kept = withLines(withLines([], lines(1, linesMax)), lines(linesMax + 1, linesMax + 10));
  expect(kept).toHaveLength(linesMax);
  expect(kept[0]?.sequence).toBe(11);
});
