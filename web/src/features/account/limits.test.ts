import { expect, test } from "vitest";

import { limitsOf, scopesOf } from "@/features/account/limits";

test("limits are told in words, long lists shortened", () => {
  expect(limitsOf({})).toEqual({ scopes: ["all that you may"], place: "" });
  expect(limitsOf({ scopes: ["deploy"], project: "shop", environment: "staging" })).toEqual({
    scopes: ["deploy"],
    place: "on shop, staging",
  });
  expect(limitsOf({ scopes: ["a", "b", "c", "d"], project: "" })).toEqual({
    scopes: ["a", "b", "2 more"],
    place: "on a project that is gone",
  });
});

test("a choice becomes scopes", () => {
  expect(scopesOf("", ["logs.read"])).toBeUndefined();
  expect(scopesOf("deploy", ["logs.read"])).toEqual(["deploy"]);
  expect(scopesOf("single", ["logs.read"])).toEqual(["logs.read"]);
});
