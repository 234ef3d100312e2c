import { expect, test } from "vitest";

import { parseDotenv } from "@/features/variables/dotenv";

test("reads what .env files hold", () => {
  const text = [
    "# comment",
    "",
    "PLAIN=a b # not this",
    "export EXPORTED = yes",
    'DOUBLE="a \\"b\\"\\nc # kept" # not this',
    "SINGLE='$HOME \\n'",
    "EMPTY=",
    "URL=https://example.com/#top",
    "PLAIN=again",
  ].join("\r\n");
  expect(parseDotenv(text)).toEqual({
    variables: {
      PLAIN: "again",
      EXPORTED: "yes",
      DOUBLE: 'a "b"\nc # kept',
      SINGLE: "$HOME \\n",
      EMPTY: "",
      URL: "https://example.com/#top",
    },
    wrong: [],
  });
});

test("names the lines that are none", () => {
  expect(parseDotenv("A=1\nnonsense\n2B=1").wrong).toEqual([2, 3]);
});
