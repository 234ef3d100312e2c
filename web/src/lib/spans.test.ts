import { expect, test } from "vitest";

import { sinceOf } from "@/lib/spans";

test("a span ends now; what is none bounds nothing", () => {
  const now = new Date("2026-01-15T12:00:00Z");
  expect(sinceOf("1h", now)).toBe("2026-01-15T11:00:00.000Z");
  expect(sinceOf("nonsense", now)).toBeUndefined();
  expect(sinceOf(undefined, now)).toBeUndefined();
});
