import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { parseDotenv } from "@/features/variables/dotenv";

interface Case {
  name: string;
  input: string;
  expected?: Record<string, string>;
  error_line?: number;
}

// The same cases that the server's reader is tested with.
const folder = "../tests/data/dotenv";
const cases = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Case[]);

test("there are cases", () => {
  expect(cases.length).toBeGreaterThan(40);
});

test.each(cases)("$name", ({ input, expected, error_line }) => {
  const { variables, error } = parseDotenv(input);
  expect(error?.line).toBe(error_line);
  if (expected) expect(variables).toEqual(expected);
});
