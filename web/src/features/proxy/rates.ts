// What the proxy did lately: it is asked every few seconds, and the last answers are kept.
export interface Sample {
  time: number; // milliseconds
  rate: number; // requests a second
  p50: number | null;
  p95: number | null;
}

export const samplesMax = 200; // ten minutes

export function withSample(before: readonly Sample[], sample: Sample): readonly Sample[] {
  if (before.at(-1)?.time === sample.time) return before;
  return [...before, sample].slice(-samplesMax);
}
