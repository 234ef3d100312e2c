import { expect, test } from "vitest";

import { isFormerRelease, stateOfDeployment, stateOfProject, type Deployment, type Releases } from "@/lib/deployment-state";

function deployment(changes: Partial<Deployment>): Deployment {
  return {
    number: 1,
    status: "live",
    trigger: "push",
    source: "push",
    commit: "3f9c2ab",
    message: "",
    branch: "main",
    live: true,
    origin: 1,
    created_at: "2026-01-15T12:00:00Z",
    ...changes,
  };
}

function project(changes: Partial<Releases>): Releases {
  return { ...changes };
}

test("a release that another replaced drains, and can come back", () => {
  const replaced = deployment({ live: false });
  expect(stateOfDeployment(replaced).label).toBe("Draining");
  expect(isFormerRelease(replaced)).toBe(true);
  expect(isFormerRelease(deployment({ status: "retired", live: false }))).toBe(true);
  expect(isFormerRelease(deployment({}))).toBe(false);
  expect(isFormerRelease(deployment({ status: "failed", live: false }))).toBe(false);
});

test("a project is told by its live release, and by what happens beside it", () => {
  const live = deployment({});
  const failed = deployment({ number: 2, status: "failed", live: false });
  const building = deployment({ number: 2, status: "building", live: false });
  expect(stateOfProject(project({})).label).toBe("Not deployed");
  expect(stateOfProject(project({ latest: failed })).label).toBe("Failed");
  expect(stateOfProject(project({ live, latest: live }))).toEqual({ label: "Live", tone: "good" });
  expect(stateOfProject(project({ live, latest: building }))).toMatchObject({ label: "Live, updating", busy: true });
  expect(stateOfProject(project({ live, latest: failed })).tone).toBe("wait");
  expect(stateOfProject(project({ live, latest: live, warning: "fails" })).tone).toBe("bad");
});
