import { expect, test } from "vitest";

import { pieces, plainText } from "@/lib/ansi";

test("colours are told apart from text", () => {
  expect(pieces("a \u001b[1;31mred\u001b[22m less\u001b[0m b")).toEqual([
    { text: "a ", tone: "plain", bold: false },
    { text: "red", tone: "bad", bold: true },
    { text: " less", tone: "bad", bold: false },
    { text: " b", tone: "plain", bold: false },
  ]);
});

test("other controls leave nothing behind", () => {
  expect(plainText("\u001b[2K\u001b]0;title\u0007progress\r\u001b[1A")).toBe("progress");
  expect(pieces("")).toEqual([]);
  expect(plainText("\u001b[")).toBe("[");
});
