import { expect, test } from "vitest";

import { readOrder, shownProjects, summary } from "@/features/projects/overview";
import type { Project } from "@/features/projects/queries";

type Wish = { at?: string; status?: string; live?: boolean; warning?: string };

function project(name: string, { at, status = "live", live = status === "live", warning }: Wish = {}): Project {
  const deployment = { number: 1, status, live, created_at: at ?? "2026-01-01T00:00:00Z" };
  return { name, address: `http://${name}.example.com`, warning, ...(at && { latest: deployment }), ...(at && live && { live: deployment }) } as unknown as Project;
}

const all = [
  project("blog", { at: "2026-01-02T00:00:00Z" }),
  project("empty"),
  project("shop-10", { at: "2026-01-05T00:00:00Z", status: "failed" }),
  project("shop-2", { at: "2026-01-03T00:00:00Z", warning: "does not answer" }),
];
const names = (found: readonly Project[]) => found.map(({ name }) => name);

test("the newest deployment comes first, what was never deployed last", () => {
  expect(names(shownProjects(all, "", "recent"))).toEqual(["shop-10", "shop-2", "blog", "empty"]);
});

test("names are sorted as people count", () => {
  expect(names(shownProjects(all, "", "name"))).toEqual(["blog", "empty", "shop-2", "shop-10"]);
});

test("trouble comes first", () => {
  expect(names(shownProjects(all, "", "trouble"))).toEqual(["shop-2", "shop-10", "blog", "empty"]);
});

test("a search looks at names and addresses, in any case", () => {
  expect(names(shownProjects(all, " SHOP ", "name"))).toEqual(["shop-2", "shop-10"]);
  expect(names(shownProjects(all, "blog.example", "name"))).toEqual(["blog"]);
  expect(shownProjects(all, "nothing", "name")).toEqual([]);
});

test("an order that is none is the usual one", () => {
  expect([readOrder("name"), readOrder("colour"), readOrder(undefined)]).toEqual(["name", "recent", "recent"]);
});

test("the summary names only what there is", () => {
  expect(summary(all)).toBe("4 projects: 2 live, 2 with trouble, 1 not deployed");
  expect(summary([project("blog", { at: "2026-01-02T00:00:00Z" })])).toBe("1 project: 1 live");
  expect(summary([project("a", { at: "2026-01-02T00:00:00Z", status: "building" })])).toBe("1 project: 1 under way");
});
