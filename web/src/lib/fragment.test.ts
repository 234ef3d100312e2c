import { expect, test } from "vitest";

import { linkWith, tokenIn } from "@/lib/fragment";

test("a link carries its token behind the #", () => {
  const link = linkWith("/invite", "ti_a+b/=", "https://temps.example.org");
  expect(link).toBe("https://temps.example.org/invite#token=ti_a%2Bb%2F%3D");
  expect(tokenIn(new URL(link).hash)).toBe("ti_a+b/=");
  expect(tokenIn("token=ti_x")).toBe("ti_x");
  expect(tokenIn("")).toBe("");
});
