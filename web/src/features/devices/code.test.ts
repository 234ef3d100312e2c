import { expect, test } from "vitest";

import { tidyCode } from "@/features/devices/code";

test.each([
  ["abcd efgh", "ABCD-EFGH"],
  ["ABCD-EFGH", "ABCD-EFGH"],
  ["abcdefgh", "ABCD-EFGH"],
  [" abc", "ABC"],
  ["", ""],
])("%j is read as %j", (typed, code) => expect(tidyCode(typed)).toBe(code));
