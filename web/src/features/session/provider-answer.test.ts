import { expect, test } from "vitest";

import { answerIn } from "@/features/session/provider-answer";

test("a provider's answer is read as text", () => {
  expect(answerIn("?code=123&state=true&iss=https%3A%2F%2Fid.example.org")).toEqual({
    code: "123",
    state: "true",
    iss: "https://id.example.org",
  });
  expect(answerIn("?error=access_denied&state=s&error_description=%3Cb%3E")).toEqual({ error: "access_denied", state: "s" });
  expect(answerIn("")).toEqual({ state: "" });
});
