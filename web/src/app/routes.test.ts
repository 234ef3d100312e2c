// @vitest-environment jsdom
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { isWithin, places } from "@/app/navigation";
import { parseSearch, router, stringifySearch } from "@/app/router";

const paths = JSON.parse(readFileSync("paths.json", "utf8")) as string[];

// As src/http/router.cpp matches them.
function isKnown(path: string): boolean {
  return paths.some((known) => {
    const rest = /^(.*\/)\{rest\.\.\.\}$/.exec(known)?.[1];
    return rest === undefined ? known === path : path.startsWith(rest);
  });
}

test("the server knows the path of every page", () => {
  const all = Object.values(router.routesById).map(({ fullPath }) => fullPath as string);
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter((path) => path !== "" && !isKnown(path.replace(/\$/g, "")))).toEqual([]);
});

test("no path of the console hides one of the server's own", () => {
  for (const own of ["/api/v1/me", "/git/shop.git", "/assets/x.js", "/problems/a/b", "/_temps/x"]) {
    expect(isKnown(own)).toBe(false);
  }
});

test("what stands in the address stays text", () => {
  expect(parseSearch("?contains=404&x=a+b")).toEqual({ contains: "404", x: "a b" });
  expect(stringifySearch({ contains: "404 & more", none: undefined, empty: "" })).toBe("?contains=404+%26+more");
  expect(stringifySearch({})).toBe("");
});

test("one place of the sidebar is the present one", () => {
  const present = (path: string) => places.filter((place) => isWithin(place, path)).map(({ label }) => label);
  expect(present("/")).toEqual(["Projects"]);
  expect(present("/projects/shop/logs")).toEqual(["Projects"]);
  expect(present("/proxy")).toEqual(["Proxy"]);
  expect(present("/settings/teams")).toEqual(["Settings"]);
  expect(present("/projects/shop/settings")).toEqual(["Projects"]);
  expect(present("/account")).toEqual([]);
});
