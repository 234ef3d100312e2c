import { expect, test } from "vitest";

import { settled, withoutWish, withWish, type Wish } from "@/features/access/wishes";

const shop: Wish = { project: "shop", role: "viewer" };
const blog: Wish = { project: "blog", role: "admin" };
const open: Wish = { project: "", role: "developer" };

test("a wish is changed and dropped by its place", () => {
  expect(withWish([shop, open], 1, blog)).toEqual([shop, blog]);
  expect(withoutWish([shop, blog], 0)).toEqual([blog]);
});

test("what is not chosen is not sent, and a project once", () => {
  expect(settled([shop, open, blog, { project: "shop", role: "admin" }])).toEqual([{ project: "shop", role: "admin" }, blog]);
  expect(settled([])).toEqual([]);
});
