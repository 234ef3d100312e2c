import { expect, test } from "vitest";

import { may, roleOn, type Rights } from "@/lib/me/rights";

const ben: Rights = {
  role: "viewer",
  permissions: ["projects.read", "teams.read"],
  projects: [{ project: "shop", role: "admin", permissions: ["projects.read", "grants.manage"] }],
};

test("a right holds everywhere, or on the project where it was granted", () => {
  expect(may(ben, "teams.read")).toBe(true);
  expect(may(ben, "projects.read", "blog")).toBe(true);
  expect(may(ben, "grants.manage", "shop")).toBe(true);
  expect(may(ben, "grants.manage", "blog")).toBe(false);
  expect(may(ben, "grants.manage")).toBe(false);
  expect(may(undefined, "teams.read")).toBe(false);
});

test("the role on a project is the one that was granted there, else the own", () => {
  expect(roleOn(ben, "shop")).toBe("admin");
  expect(roleOn(ben, "blog")).toBe("viewer");
});
