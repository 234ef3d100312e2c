import "uplot/dist/uPlot.min.css";

import { useEffect, useRef } from "react";
import UPlot from "uplot";

import { aligned, summary, type Series } from "@/lib/chart-data";
import { useIsDark } from "@/lib/theme";
import { clockTime } from "@/lib/time";

interface Props {
  times: readonly number[]; // milliseconds
  series: readonly Series[];
  format?: (value: number) => string;
  height?: number;
}

// Seconds between the times that are written below it.
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const colours = ["--accent", "--good", "--wait", "--bad"];

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The value of a token as a colour: canvas does not know light-dark().
function colour(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = token(name);
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function Chart({ times, series, format = String, height = 200 }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const isDark = useIsDark();
  const labels = series.map(({ label }) => label).join("\n");
  const formatter = useRef(format);
  formatter.current = format;

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const axis = {
      stroke: colour("--muted"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
    };
    const clock = {
      ...axis,
      size: 32,
      space: 80,
      incrs: clockSteps,
      values: (_: UPlot, ticks: number[]) => ticks.map((tick) => clockTime(new Date(tick * 1000))),
    };
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height,
        cursor: { points: { size: 6 }, y: false },
        legend: { show: labels.includes("\n") },
        padding: [12, 8, 0, 0],
        scales: { y: { range: (_, __, top) => [0, top > 0 ? top * 1.1 : 1] } },
        axes: [clock, { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => formatter.current(tick)) }],
        series: [
          { value: (_, seconds) => (seconds === null ? "" : clockTime(new Date(seconds * 1000))) },
          ...labels.split("\n").map((label, index) => ({
            label,
            stroke: colour(colours[index % colours.length] ?? "--accent"),
            width: 1.5,
            points: { show: false },
            value: (_: UPlot, value: number | null) => (value === null ? "–" : formatter.current(value)),
          })),
        ],
      },
      [[]],
      element,
    );
    chart.current = plot;
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [labels, height, isDark]);

  useEffect(() => {
    chart.current?.setData(aligned(times, series));
  }, [times, series, labels, height, isDark]);

  return (
    <div role="img" aria-label={summary(series, format)} className="min-w-0">
      <div ref={place} className="min-w-0 text-xs" />
    </div>
  );
}
