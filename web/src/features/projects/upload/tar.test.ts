import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { end, header, padding, paxRecord } from "@/features/projects/upload/tar";

function tarOf(files: Record<string, string>): Buffer {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const mode = text.startsWith("#!") ? 0o755 : 0o644;
    return [header({ path, size: content.length, mode, modified: 1_768_478_400 }), content, padding(content.length)];
  });
  return Buffer.concat([...parts, end]);
}

const long = `${"deep/".repeat(30)}name.txt`; // 158 bytes: split at a slash
const longest = `${"folder/".repeat(60)}${"n".repeat(120)}`; // fits no ustar header
const files = {
  "index.html": "<h1>hello</h1>",
  "empty.txt": "",
  "bin/start": "#!/bin/sh\n",
  "exact.txt": "x".repeat(512),
  "grüße/漢字.txt": "letters",
  [long]: "long",
  [longest]: "longest",
};

test("tar itself reads what is written", () => {
  const folder = mkdtempSync(join(tmpdir(), "tar-test-"));
  try {
    const file = join(folder, "x.tar");
    writeFileSync(file, tarOf(files));
    const listed = execFileSync("tar", ["--quoting-style=literal", "-tf", file], { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
    expect(listed.trim().split("\n")).toEqual(Object.keys(files));
    for (const [path, text] of Object.entries(files)) {
      expect(execFileSync("tar", ["-xOf", file, path], { encoding: "utf8" })).toBe(text);
    }
    expect(execFileSync("tar", ["-tvf", file, "bin/start"], { encoding: "utf8" })).toMatch(/^-rwxr-xr-x .* 10 /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a pax record counts its own digits", () => {
  for (const size of [1, 85, 86, 87, 88, 89, 90, 980, 990, 991]) {
    const record = Buffer.from(paxRecord("path", new Uint8Array(size).fill(97))).toString();
    expect(Number(record.split(" ")[0])).toBe(record.length);
    expect(record.endsWith("a\n")).toBe(true);
  }
});
