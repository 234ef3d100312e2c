import { expect, test } from "vitest";

import { actorName, credentialOf, targetOf } from "@/features/audit/entry";

test("an actor has a name", () => {
  expect(actorName({ kind: "session", email: "ann@example.org" })).toBe("ann@example.org");
  expect(actorName({ kind: "token", credential_name: "ci" })).toBe("Deployment token ci");
  expect(actorName({ kind: "machine" })).toBe("A command on the server");
  expect(credentialOf({ kind: "key", credential_name: "laptop" })).toBe("API key laptop");
  expect(credentialOf({ kind: "session" })).toBe("");
});

test("a target is told without the project", () => {
  expect(targetOf({ project: "shop", environment: "staging", domain: "x.org" })).toBe("environment: staging, domain: x.org");
  expect(targetOf(null)).toBe("");
});
