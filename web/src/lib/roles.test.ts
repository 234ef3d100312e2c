import { expect, test } from "vitest";

import { projectRoles, rank, roleOptions, roles, upTo } from "@/lib/roles";

test("nobody is offered a role above their own", () => {
  expect(upTo(roles, "admin")).toEqual(["guest", "viewer", "developer", "admin"]);
  expect(upTo(projectRoles, "viewer")).toEqual(["viewer"]);
  expect(upTo(projectRoles, "nobody knows")).toEqual([]);
});

test("roles have an order and a meaning", () => {
  expect(rank("owner")).toBeGreaterThan(rank("admin"));
  expect(roleOptions(["viewer"])).toEqual([{ value: "viewer", label: "viewer: sees all projects" }]);
});
