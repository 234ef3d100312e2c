import { expect, test } from "vitest";

import { samplesMax, withSample, type Sample } from "@/features/proxy/rates";

const sample = (time: number): Sample => ({ time, rate: 1, p50: null, p95: null });

test("an answer counts once, and the oldest go", () => {
  let samples: readonly Sample[] = [];
  for (let time = 1; time <= samplesMax + 5; ++time) samples = withSample(samples, sample(time));
  expect(withSample(samples, sample(samplesMax + 5))).toBe(samples);
  expect(samples).toHaveLength(samplesMax);
  expect(samples[0]?.time).toBe(6);
});
