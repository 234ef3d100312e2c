// The list of requests that is read, and grows at its beginning.
import type { Tone } from "@/lib/tone";
import type { Visit } from "@/features/requests/queries";

export const visitsMax = 1000; // that came while the page is open; older ones are let go

export function lastId(visits: readonly Visit[]): number {
  return visits.reduce((last, { id }) => Math.max(last, id), 0);
}

// `found`: the oldest first, as the server gives them.
export function withNewer(before: readonly Visit[], found: readonly Visit[]): readonly Visit[] {
  const last = lastId(before);
  const fresh = found.filter(({ id }) => id > last);
  return fresh.length === 0 ? before : [...fresh.reverse(), ...before].slice(0, visitsMax);
}

export function toneOf(status: number): Tone {
  if (status >= 500 || status === 0) return "bad";
  if (status >= 400) return "wait";
  return status >= 300 ? "neutral" : "good";
}

// "404" and "5xx" are what the server takes; half a number is not sent.
export function readStatus(text: string | undefined): string | undefined {
  return text && /^([1-5]xx|\d{3})$/.test(text) ? text : undefined;
}

export const statuses = [
  { value: "", label: "All statuses" },
  { value: "2xx", label: "2xx, fine" },
  { value: "3xx", label: "3xx, elsewhere" },
  { value: "4xx", label: "4xx, refused" },
  { value: "404", label: "404, not found" },
  { value: "5xx", label: "5xx, failed" },
] as const;
