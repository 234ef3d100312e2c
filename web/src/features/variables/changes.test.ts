import { expect, test } from "vitest";

import { changeOf, errorOf, rowsOf } from "@/features/variables/changes";
import type { Variable } from "@/features/variables/queries";

const present: Variable[] = [
  { name: "REGION", kind: "plain", value: "north", since: 1 },
  { name: "MODE", kind: "plain", value: "a", since: 1 },
  { name: "DB_PASSWORD", kind: "secret", since: 2 },
];

test("a preview says what becomes of each line", () => {
  const rows = rowsOf({ REGION: "north", MODE: "b", DB_PASSWORD: "x", API_TOKEN: "y", PORTS: "1" }, present, {});
  expect(rows.map(({ name, kind, effect }) => [name, kind, effect])).toEqual([
    ["REGION", "plain", "same"],
    ["MODE", "plain", "changed"],
    ["DB_PASSWORD", "secret", "replaced"],
    ["API_TOKEN", "secret", "new"],
    ["PORTS", "plain", "new"],
  ]);
});

test("what stays as it is is not sent, unless its kind was chosen", () => {
  expect(Object.keys(changeOf(rowsOf({ REGION: "north", MODE: "b" }, present, {})).set)).toEqual(["MODE"]);
  expect(changeOf(rowsOf({ REGION: "north" }, present, { REGION: "secret" })).set).toEqual({
    REGION: { value: "north", kind: "secret" },
  });
});

test("an error is found by its pointer", () => {
  const errors = [{ pointer: "/set/PORT", detail: "PORT is set by Temps" }];
  expect(errorOf(errors, "PORT")).toBe("PORT is set by Temps");
  expect(errorOf(errors, "OTHER")).toBeUndefined();
  expect(errorOf([{ pointer: "/set", detail: "no name" }], "x-y")).toBe("no name");
});
