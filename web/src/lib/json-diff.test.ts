import { expect, test } from "vitest";

import { changesBetween } from "@/lib/json-diff";

test("only what differs is told, with its path", () => {
  const before = { name: "shop", build: { command: "make", cache: true }, hosts: ["a", "b"] };
  const after = { name: "shop", build: { command: "make all", cache: true }, hosts: ["a"], paused: false };
  expect(changesBetween(before, after)).toEqual([
    { path: "build.command", before: '"make"', after: '"make all"' },
    { path: "hosts[1]", before: '"b"', after: undefined },
    { path: "paused", before: undefined, after: "false" },
  ]);
});

test("what was made or removed shows all of its fields", () => {
  expect(changesBetween(undefined, { name: "ci" })).toEqual([{ path: "name", before: undefined, after: '"ci"' }]);
  expect(changesBetween({ name: "ci" }, null)).toEqual([{ path: "name", before: '"ci"', after: undefined }]);
  expect(changesBetween({ a: 1 }, { a: 1 })).toEqual([]);
});

test("a value that changes its kind is one change", () => {
  expect(changesBetween({ a: [1] }, { a: { 0: 1 } })).toEqual([{ path: "a", before: "[1]", after: '{"0":1}' }]);
  expect(changesBetween({ a: null }, { a: {} })).toEqual([{ path: "a", before: "null", after: "{}" }]);
});

test("documents of any depth come to an end", () => {
  const deep = (value: number) => Array.from({ length: 1000 }).reduce<unknown>((inner) => ({ a: inner }), value);
  expect(changesBetween(deep(1), deep(2))).toHaveLength(1);
});
