// Data for the gallery: the same at every visit, so that photographs can be compared.
import type { LogLine } from "@/lib/api/log-lines";
import type { Tone } from "@/lib/tone";

export interface Row {
  name: string;
  state: string;
  tone: Tone;
  visits: number[];
  p95: number | null;
  at: string;
}

const points = 120;

function wave(index: number, length: number, height: number): number {
  return height * (1 + 0.6 * Math.sin((index * 2 * Math.PI) / length) + 0.15 * Math.sin(index * 1.7));
}

export function madeUpTimes(): number[] {
  const begin = Date.UTC(2026, 0, 15, 12, 0, 0);
  return Array.from({ length: points }, (_, index) => begin + index * 1000);
}

export function madeUpSeries() {
  return [
    { label: "Requests", values: Array.from({ length: points }, (_, index) => (index > 60 && index < 66 ? null : wave(index, 60, 80))) },
    { label: "Errors", values: Array.from({ length: points }, (_, index) => wave(index, 90, 8)) },
  ];
}

export function madeUpRows(): Row[] {
  const visits = (length: number) => Array.from({ length: 24 }, (_, index) => wave(index, length, 10));
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  return [
    { name: "shop", state: "Live", tone: "good", visits: visits(24), p95: 84, at: ago(4) },
    { name: "shop-10", state: "Building", tone: "wait", visits: visits(12), p95: null, at: ago(190) },
    { name: "shop-2", state: "Failed", tone: "bad", visits: visits(8), p95: 1840, at: ago(60 * 50) },
  ];
}

const texts: [LogLine["stream"], string][] = [
  ["system", "building with node"],
  ["out", "> npm ci"],
  ["out", "added 212 packages in 4s"],
  ["out", "\u001b[36mvite v6.4.1\u001b[0m building for production..."],
  ["out", "\u001b[32m✓\u001b[0m 412 modules transformed."],
  ["err", "\u001b[33mwarning\u001b[0m 2 dependencies are out of date"],
  ["err", "\u001b[1;31mError\u001b[0m: connect ECONNREFUSED 127.0.0.1:5432 at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)"],
  ["system", "healthy after 1.2 s (GET / answered 200)"],
];

export function madeUpLines(count: number): LogLine[] {
  const begin = Date.UTC(2026, 0, 15, 12, 0, 0);
  return Array.from({ length: count }, (_, index) => {
    const [stream, text] = texts[index % texts.length] as (typeof texts)[number];
    return { sequence: index + 1, time: new Date(begin + index * 250).toISOString(), stream, text };
  });
}
