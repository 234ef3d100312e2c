import { expect, test } from "vitest";

import { attemptText, percentText, readPercent, sharesOf, wishOf } from "@/features/deployments/split";

test("weights are told as shares", () => {
  expect(sharesOf([{ number: 1, weight: 3 }, { number: 2, weight: 1 }])).toEqual([
    { number: 1, percent: 75 },
    { number: 2, percent: 25 },
  ]);
  expect(sharesOf([])).toEqual([]);
  expect(percentText(100 / 3)).toBe("33.3 %");
  expect(percentText(10)).toBe("10 %");
});

test("what the other release gets, the live one does not", () => {
  expect(wishOf(7, 5, 10)).toEqual([{ number: 7, weight: 90 }, { number: 5, weight: 10 }]);
});

test("both keep some of the visitors", () => {
  expect([readPercent("1"), readPercent("99")]).toEqual([1, 99]);
  expect(["0", "100", "-1", "1.5", "ten", ""].map(readPercent)).toEqual([null, null, null, null, null, null]);
});

test("an attempt is told while it runs and when it failed", () => {
  const releases = [{ number: 1, weight: 90 }, { number: 2, weight: 10 }];
  expect(attemptText({ releases: [] })).toBeNull();
  expect(attemptText({ releases, attempt: { releases, status: "succeeded" } })).toBeNull();
  expect(attemptText({ releases: [], attempt: { releases, status: "running" } })?.text).toContain("#2 10 %");
  expect(attemptText({ releases: [], attempt: { releases, status: "failed", error: "it crashed" } })).toEqual({
    text: "The last split (#1 90 %, #2 10 %) failed: it crashed",
    failed: true,
  });
});
