import { expect, test } from "vitest";

import type { Deployment } from "@/lib/deployment-state";
import { secondsOf, sourceOf, stagesOf } from "@/features/deployments/stages";

function deployment(changes: Partial<Deployment>): Deployment {
  return {
    number: 1,
    status: "live",
    trigger: "push",
    source: "push",
    commit: "3f9c2ab",
    message: "",
    branch: "main",
    live: false,
    origin: 1,
    created_at: "2026-01-15T12:00:00Z",
    ...changes,
  };
}

const states = (changes: Partial<Deployment>, reached: Deployment["status"] | null = null) =>
  stagesOf(deployment(changes), reached).map(({ state }) => state).join(" ");

test.each<[Partial<Deployment>, Deployment["status"] | null, string]>([
  [{ status: "queued" }, null, "running waiting waiting waiting waiting"],
  [{ status: "starting" }, null, "done done running waiting waiting"],
  [{ status: "live" }, null, "done done done done done"],
  [{ status: "retired" }, null, "done done done done done"],
  [{ status: "failed" }, "building", "done failed skipped skipped skipped"],
  [{ status: "failed" }, "checking", "done done done failed skipped"],
  [{ status: "failed" }, null, "skipped skipped skipped skipped failed"],
  [{ status: "rolled_back" }, null, "done done done done failed"],
  [{ status: "superseded" }, null, "done skipped skipped skipped skipped"],
])("%j, seen at %s", (changes, reached, expected) => {
  expect(states(changes, reached)).toBe(expected);
});

test("a rollback builds nothing", () => {
  expect(stagesOf(deployment({ trigger: "rollback" }), null).map(({ name }) => name)).not.toContain("Build");
});

test("time runs until it ends", () => {
  expect(secondsOf(deployment({ finished_at: "2026-01-15T12:00:42Z" }))).toBe(42);
  expect(secondsOf(deployment({}), new Date("2026-01-15T12:00:10Z"))).toBe(10);
});

test("a restart runs what was built before", () => {
  const restart = { trigger: "restart", source: "push", origin: 3, commit: "3f9c2ab" } as const;
  expect(sourceOf(restart)).toBe("git push, as #3 has it");
  expect(sourceOf({ ...restart, trigger: "upload", source: "upload" })).toBe("a folder of a git checkout");
  expect(sourceOf({ ...restart, trigger: "redeploy", source: "upload", commit: "" })).toBe("a folder");
});

test("what is elsewhere is named", () => {
  const one = { trigger: "repository", source: "repository", origin: 1, commit: "3f9c2ab" } as const;
  expect(sourceOf(one)).toBe("a repository elsewhere");
  expect(sourceOf({ ...one, trigger: "image", source: "image", image: "nginx:1.25" })).toBe("the image nginx:1.25");
  expect(sourceOf({ ...one, trigger: "rollback", source: "image", image: "nginx:1.25" })).toBe("the image nginx:1.25, as #1 has it");
});

const at = (second: number) => `2026-01-15T12:00:${String(second).padStart(2, "0")}Z`;

test("stages that were kept show their times, the one under way counts on", () => {
  const stages = stagesOf(
    deployment({
      status: "building",
      stages: [
        { stage: "waiting", began_at: at(0), ended_at: at(2) },
        { stage: "detecting", began_at: at(2), ended_at: at(3) },
        { stage: "building", began_at: at(3) },
      ],
    }),
    null,
    new Date(at(13)),
  );
  expect(stages.map(({ name, state, seconds }) => [name, state, seconds])).toEqual([
    ["Wait", "done", 2],
    ["Detect", "done", 1],
    ["Build", "running", 10],
    ["Start", "waiting", undefined],
    ["Health check", "waiting", undefined],
    ["Switch", "waiting", undefined],
    ["Live", "waiting", undefined],
  ]);
});

test("a deployment ends in the stage that failed, or where it was cancelled", () => {
  const stages = [
    { stage: "waiting" as const, began_at: at(0), ended_at: at(1) },
    { stage: "starting" as const, began_at: at(1), ended_at: at(2) },
  ];
  expect(states({ status: "failed", trigger: "rollback", stages })).toBe("done failed skipped");
  expect(states({ status: "cancelled", trigger: "rollback", stages })).toBe("done skipped skipped");
  expect(states({ status: "live", trigger: "rollback", stages })).toBe("done done done");
});

test("what was taken up again after a restart counts both times", () => {
  const stages = [
    { stage: "building" as const, began_at: at(0), ended_at: at(4) },
    { stage: "detecting" as const, began_at: at(4), ended_at: at(5) },
    { stage: "building" as const, began_at: at(5), ended_at: at(7) },
  ];
  const shown = stagesOf(deployment({ stages }), null);
  expect(shown.map(({ name, seconds }) => [name, seconds])).toEqual([["Detect", 1], ["Build", 6], ["Live", undefined]]);
});
