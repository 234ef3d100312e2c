import { expect, test } from "vitest";

import { isFiltered, toQuery, withFilter } from "@/features/audit/filters";

test("a span of days takes in its last day, at the reader's midnights", () => {
  expect(toQuery({ since: "2026-03-01", until: "2026-03-31" })).toEqual({
    outcome: undefined,
    since: new Date(2026, 2, 1).toISOString(),
    until: new Date(2026, 3, 1).toISOString(),
  });
});

test("what the API would refuse is not sent", () => {
  expect(toQuery({ outcome: "maybe", since: "yesterday", actor: "ann@example.org" })).toEqual({
    actor: "ann@example.org",
    outcome: undefined,
    since: undefined,
    until: undefined,
  });
});

test("an empty filter leaves the address", () => {
  const one = withFilter({ project: "shop" }, "actor", " ann ");
  expect(one).toEqual({ project: "shop", actor: "ann" });
  expect(withFilter(one, "actor", "  ")).toEqual({ project: "shop" });
  expect(isFiltered({})).toBe(false);
  expect(isFiltered(one)).toBe(true);
});
