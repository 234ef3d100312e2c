import { expect, test } from "vitest";

import { asProblem, nextStep, Problem, sentence } from "@/lib/api/problem";

test("field errors go by the first part of their pointer, the first one wins", () => {
  const problem = new Problem(400, {
    errors: [
      { pointer: "/email", detail: "is taken" },
      { pointer: "/email", detail: "is too long" },
      { pointer: "/names/3", detail: "is no name" },
    ],
  });
  expect(problem.fields).toEqual({ email: "is taken", names: "is no name" });
});

test.each([
  ["is taken", "This is taken."],
  ["needs 10 characters", "This needs 10 characters."],
  ["there is no such project", "There is no such project."],
  ["shop.example.com has no A record", "shop.example.com has no A record."],
  ["Wait!", "Wait!"],
  ["isolated", "Isolated."],
  ["there is none; make it with: temps project create shop", "There is none; make it with: temps project create shop"],
  ["", ""],
])("%s becomes a sentence", (text, whole) => {
  expect(sentence(text)).toBe(whole);
});

test("what is no problem document is still told", () => {
  const problem = asProblem(new TypeError("x is undefined"));
  expect(problem.message).toBe("x is undefined");
  expect(nextStep(problem)).toContain("Reload");
});

test("a code that says more than its status has a step of its own", () => {
  expect(nextStep(new Problem(401, { title: "x", code: "identity.bad_code" }))).toContain("recovery code");
  expect(nextStep(new Problem(401, { title: "x", code: "http.unauthenticated" }))).toBe("Log in, then try again.");
});
