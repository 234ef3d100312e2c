import { gunzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { choose, pack } from "@/features/projects/upload/pack";

function file(path: string, text: string): File {
  const made = new File([text], path.split("/").at(-1) ?? "", { lastModified: 1_768_478_400_000 });
  Object.defineProperty(made, "webkitRelativePath", { value: path });
  return made;
}

const files = [
  file("shop/package.json", "{}"),
  file("shop/.gitignore", "*.log\n"),
  file("shop/a.log", "x"),
  file("shop/node_modules/x/index.js", "x"),
  file("shop/src/start.sh", "#!/bin/sh\n"),
];

test("a folder is sent without its own name and without what it ignores", async () => {
  const chosen = await choose(files);
  expect(chosen.files.map(({ path }) => path)).toEqual(["package.json", ".gitignore", "src/start.sh"]);
  expect(chosen).toMatchObject({ folder: "shop", leftOut: 2, bytes: 18 });
  const read: number[] = [];
  const packed = await pack(chosen, (bytes) => read.push(bytes), new AbortController().signal);
  const tar = gunzipSync(Buffer.from(await packed.arrayBuffer()));
  expect(tar.length).toBe(3 * 1024 + 1024);
  expect(tar.subarray(0, 12).toString()).toBe("package.json");
  expect(tar.subarray(2048 + 100, 2048 + 107).toString()).toBe("0000755");
  expect(read.at(-1)).toBe(18);
});

test("packing can be given up", async () => {
  const control = new AbortController();
  control.abort();
  await expect(pack(await choose(files), () => undefined, control.signal)).rejects.toThrow();
});
