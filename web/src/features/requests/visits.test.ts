import { expect, test } from "vitest";

import { lastId, readStatus, toneOf, visitsMax, withNewer } from "@/features/requests/visits";
import type { Visit } from "@/features/requests/queries";

const visit = (id: number) => ({ id }) as Visit;

test("what is newer comes first, and once", () => {
  const before = withNewer([visit(3), visit(2)], [visit(3), visit(4), visit(5)]);
  expect(before.map(({ id }) => id)).toEqual([5, 4, 3, 2]);
  expect(lastId(before)).toBe(5);
  expect(withNewer(before, [visit(5)])).toBe(before);
});

test("the list does not grow for ever", () => {
  const many = Array.from({ length: visitsMax + 5 }, (_, index) => visit(index + 1));
  const kept = withNewer([], many);
  expect(kept).toHaveLength(visitsMax);
  expect(kept[0]?.id).toBe(visitsMax + 5);
});

test("only what the server takes is asked for", () => {
  expect(["404", "5xx", "4", "6xx", "abc", undefined].map(readStatus)).toEqual(["404", "5xx", undefined, undefined, undefined, undefined]);
});

test("a client that was gone counts as a failure", () => {
  expect([0, 200, 304, 404, 502].map(toneOf)).toEqual(["bad", "good", "neutral", "wait", "bad"]);
});
