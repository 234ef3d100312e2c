import { expect, test } from "vitest";

import { aligned, summary } from "@/lib/chart-data";
import { bytes, duration, isWebAddress, milliseconds, percent, plural, withoutScheme } from "@/lib/format";
import { match, ranked } from "@/lib/fuzzy";
import { nextSort, sorted } from "@/lib/sort";
import { sparklinePath } from "@/lib/sparkline";
import { relativeTime } from "@/lib/time";

test("numbers and spans read as people say them", () => {
  expect([0.42, 9.96, 61, 3600, 90_000, 86_400 * 3].map(duration)).toEqual(["0.4 s", "10 s", "1 min 1 s", "1 h 0 min", "1 day", "3 days"]);
  expect([null, 0.5, 12.4, 1500, 12_000].map(milliseconds)).toEqual(["–", "0.5 ms", "12 ms", "1.5 s", "12 s"]);
  expect([0, 999, 1500, 2_500_000, 123_000_000].map(bytes)).toEqual(["0 B", "999 B", "1.5 KB", "2.5 MB", "123 MB"]);
  expect(percent(1, 0)).toBe("–");
  expect(percent(1, 8)).toBe("12.5 %");
  expect(plural(1, "host")).toBe("1 host");
  expect(plural(2, "host")).toBe("2 hosts");
});

test("only addresses of the web become links", () => {
  expect(isWebAddress("https://a.example")).toBe(true);
  expect(isWebAddress("javascript:alert(1)")).toBe(false);
  expect(withoutScheme("http://a.example:8080/")).toBe("a.example:8080");
});

test("times are told from now", () => {
  const now = new Date("2026-01-15T12:00:00Z");
  const at = (text: string) => relativeTime(new Date(text), now);
  expect(at("2026-01-15T11:59:55Z")).toBe("just now");
  expect(at("2026-01-15T11:57:00Z")).toBe("3 minutes ago");
  expect(at("2026-01-14T11:00:00Z")).toBe("yesterday");
  expect(at("2026-01-15T14:30:00Z")).toBe("in 2 hours");
  expect(at("2024-01-15T12:00:00Z")).toBe("2 years ago");
});

test("rows are sorted as people count, those without a value last", () => {
  const rows = ["shop-10", "shop-2", null, "Shop-1"];
  expect(sorted(rows, (row) => row, false)).toEqual(["Shop-1", "shop-2", "shop-10", null]);
  expect(sorted(rows, (row) => row, true)).toEqual(["shop-10", "shop-2", "Shop-1", null]);
  expect(sorted([3, 10, 2], (row) => row, false)).toEqual([2, 3, 10]);
});

test("a head that is pressed goes up, down, and back", () => {
  const up = nextSort(null, "name");
  expect(up).toEqual({ column: "name", descending: false });
  expect(nextSort(up, "name")).toEqual({ column: "name", descending: true });
  expect(nextSort(nextSort(up, "name"), "name")).toBeNull();
  expect(nextSort(up, "age")).toEqual({ column: "age", descending: false });
});

test("what is typed finds words, their beginnings first", () => {
  expect(match("Your account", "xyz")).toBe(0);
  expect(ranked(["workshop", "shop: Logs", "shop"], "shop", (text) => text)[0]).toBe("shop: Logs");
  expect(ranked(["shop: Logs", "blog: Logs"], "logs shop", (text) => text)).toEqual(["shop: Logs"]);
  expect(ranked(["b", "a"], "  ", (text) => text)).toEqual(["b", "a"]);
});

test("sparklines break at gaps and stand on the ground", () => {
  expect(sparklinePath([0, 10, null, 5], 30, 10)).toBe("M0 10L10 0M30 5");
  expect(sparklinePath([0, 0], 30, 10)).toBe("M0 10L30 10");
  expect(sparklinePath([null], 30, 10)).toBe("");
});

test("charts get seconds and as many values as times", () => {
  const series = [{ label: "a", values: [1] }];
  expect(aligned([1000, 2000], series)).toEqual([[1, 2], [1, null]]);
  expect(summary([...series, { label: "b", values: [null] }], String)).toBe("a: 1 now, at most 1; b: nothing yet");
});
