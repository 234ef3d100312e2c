import { expect, test } from "vitest";

import { firstLoad, report } from "./budget.mjs";

const files = [
  { name: "index-aaaaaaaa.js", size: 900, brotli: Buffer.alloc(300) },
  { name: "index-bbbbbbbb.css", size: 90, brotli: Buffer.alloc(30) },
  { name: "page-cccccccc.js", size: 9000, brotli: Buffer.alloc(3000) },
];
const page = '<script src="/assets/index-aaaaaaaa.js"></script><link href="/assets/index-bbbbbbbb.css">';

test("the first load is the page and what it names", () => {
  const first = firstLoad(page, 7, files);
  expect(first).toEqual({ names: ["index-aaaaaaaa.js", "index-bbbbbbbb.css"], bytes: 337 });
  expect(report(files, first)).toContain("First load 0.3 KB of 250.0 KB");
});

test("what the page names has to be there", () => {
  expect(() => firstLoad('<script src="/assets/none.js">', 7, files)).toThrow("none.js");
});
