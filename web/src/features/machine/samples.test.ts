import { expect, test } from "vitest";

import { diskShare, diskTone, memoryShare, readJobStatus, samplesMax, withSample, type Sample } from "@/features/machine/samples";
import type { Machine } from "@/features/machine/queries";

const machine = {
  cpu: { count: 2, busy: 0.25, load_1m: 0.5, load_5m: 0, load_15m: 0 },
  memory: { total_bytes: 100, available_bytes: 40, swap_total_bytes: 0, swap_free_bytes: 0 },
} as Machine;
const gigabyte = 2 ** 30;
const disk = (total: number, free: number) => ({ folder: "/", total_bytes: total * gigabyte, free_bytes: free * gigabyte });

test("an answer is one sample, however often it is shown", () => {
  const once = withSample([], 1, machine);
  expect(once).toEqual([{ time: 1, cpu: 0.25, memory: 0.6, load: 0.5 }]);
  expect(withSample(once, 1, machine)).toBe(once);
  let many: readonly Sample[] = [];
  for (let time = 0; time < samplesMax + 10; ++time) many = withSample(many, time, machine);
  expect(many).toHaveLength(samplesMax);
});

test("a disk warns before nothing is built any more", () => {
  expect([disk(100, 50), disk(100, 3), disk(100, 1), disk(10, 5), disk(10, 0.5)].map(diskTone)).toEqual(["accent", "wait", "bad", "accent", "bad"]);
  expect(diskShare(disk(100, 25))).toBe(0.75);
  expect(diskShare(disk(0, 0))).toBe(0);
  expect(memoryShare({ ...machine.memory, total_bytes: 0 })).toBe(0);
});

test("a status from the address is one of those that there are", () => {
  expect(["failed", "toString ", undefined, ""].map(readJobStatus)).toEqual(["failed", undefined, undefined, undefined]);
});
