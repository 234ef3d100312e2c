import { expect, test } from "vitest";

import { safeReturnPath } from "@/lib/return-path";

const origin = "https://console.example.com";

test.each([
  ["/projects/shop?tab=1#end", "/projects/shop?tab=1#end"],
  ["/proxy", "/proxy"],
  ["/projects/a/../b", "/projects/b"],
  ["/device?code=BCDF-GHJK", "/device?code=BCDF-GHJK"],
])("goes back to %s", (wanted, path) => {
  expect(safeReturnPath(wanted, origin)).toBe(path);
});

test.each([
  undefined,
  "",
  "https://evil.example.org/",
  "//evil.example.org/",
  "/\\evil.example.org/",
  "\\\\evil.example.org",
  "/\t/evil.example.org",
  "/\n//evil.example.org",
  "/.//evil.example.org",
  "/x/..//evil.example.org",
  "javascript:alert(1)",
  "data:text/html,x",
  "/login?return=/login",
  "/setup",
  "/invite#token=x",
  "/reset",
  "/api/v1/me",
  "/git/shop.git",
  ["/proxy"],
])("goes home instead of %j", (wanted) => {
  expect(safeReturnPath(wanted, origin)).toBe("/");
});
