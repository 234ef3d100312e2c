import { expect, test } from "vitest";

import { isCommand, summaryOf, worstFirst } from "@/lib/checks/verdicts";
import type { Check } from "@/lib/checks/queries";

const check = (name: string, verdict: Check["verdict"]): Check => ({ name, title: name, verdict, detail: "", fix: "" });

test("what does not work stands first", () => {
  const checks = [check("a", "ok"), check("b", "note"), check("c", "failed"), check("d", "warning")];
  expect(worstFirst(checks).map(({ name }) => name)).toEqual(["c", "d", "b", "a"]);
  expect(summaryOf(checks)).toContain("One thing does not work");
  expect(summaryOf([check("a", "ok"), check("b", "note")])).toBe("Nothing stands in the way.");
});

test("commands are told from sentences", () => {
  expect(isCommand("systemctl start docker")).toBe(true);
  expect(isCommand("apt-get install docker.io, then start Temps again with --runtime docker")).toBe(false);
  expect(isCommand("Use PostgreSQL 15 or newer.")).toBe(false);
});
