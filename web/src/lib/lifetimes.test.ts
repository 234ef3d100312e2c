import { expect, test } from "vitest";

import { expiryOf } from "@/lib/lifetimes";

test("a lifetime in days ends at an instant, none never", () => {
  const now = Date.UTC(2026, 0, 1);
  expect(expiryOf("30", now)).toBe("2026-01-31T00:00:00.000Z");
  expect(expiryOf("", now)).toBeUndefined();
});
