import { expect, test } from "vitest";

import { Ignore } from "@/features/projects/upload/ignore";

function kept(paths: string[], git: string, own = ""): string[] {
  const ignore = new Ignore([{ folder: "", text: git }], [{ folder: "", text: own }]);
  return paths.filter((path) => !ignore.leavesOut(path));
}

test("some things are never sent", () => {
  const paths = [".git/HEAD", "a/.git/HEAD", "node_modules/x/y.js", "web/node_modules/x.js", ".env", ".env.local", ".env.example", "a.js"];
  expect(kept(paths, "")).toEqual([".env.example", "a.js"]);
});

test.each<[string, string[], string[]]>([
  ["*.log", ["a.log", "x/b.log", "log.txt"], ["log.txt"]],
  ["/dist", ["dist/a.js", "x/dist/a.js"], ["x/dist/a.js"]],
  ["dist/", ["dist/a.js", "x/dist/b.js", "y/dist"], ["y/dist"]],
  ["a/b", ["a/b", "x/a/b"], ["x/a/b"]],
  ["a/**/z", ["a/z", "a/b/c/z", "z"], ["z"]],
  ["**/tmp", ["tmp/a", "x/tmp/b", "tmpx"], ["tmpx"]],
  ["build/*\n!build/keep.txt", ["build/a", "build/keep.txt"], ["build/keep.txt"]],
  ["build\n!build/keep.txt", ["build/keep.txt"], []],
  ["file?.t[xs]t", ["file1.txt", "file2.tst", "file.txt", "file1.tzt"], ["file.txt", "file1.tzt"]],
  ["[!a].x", ["a.x", "b.x"], ["a.x"]],
  ["# a comment\n\n\\#real\n\\!this", ["#real", "!this", "# a comment"], ["# a comment"]],
  ["a+b(c).txt", ["a+b(c).txt", "aab(c).txt"], ["aab(c).txt"]],
  ["trail   ", ["trail", "other"], ["other"]],
])("%j", (rules, paths, expected) => {
  expect(kept(paths, rules)).toEqual(expected);
});

test("deeper rules have the last word, and .tempsignore over all of them", () => {
  const ignore = new Ignore(
    [
      { folder: "web/", text: "!keep.log" },
      { folder: "", text: "*.log" },
    ],
    [{ folder: "", text: "docs/\n!.env.production" }],
  );
  expect(ignore.leavesOut("a.log")).toBe(true);
  expect(ignore.leavesOut("web/keep.log")).toBe(false);
  expect(ignore.leavesOut("docs/a.md")).toBe(true);
  expect(ignore.leavesOut(".env.production")).toBe(false);
});
