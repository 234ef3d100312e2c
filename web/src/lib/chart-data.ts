// What charts need of their data, apart from drawing.
export interface Series {
  label: string;
  values: readonly (number | null)[];
}

// uPlot's form: times in seconds, then each series.
export function aligned(times: readonly number[], series: readonly Series[]): [number[], ...(number | null)[][]] {
  return [times.map((time) => time / 1000), ...series.map(({ values }) => times.map((_, index) => values[index] ?? null))];
}

// For those who cannot see it: what the chart says in a sentence.
export function summary(series: readonly Series[], format: (value: number) => string): string {
  return series
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${label}: nothing yet`;
      const last = known.at(-1) ?? 0;
      return `${label}: ${format(last)} now, at most ${format(Math.max(...known))}`;
    })
    .join("; ");
}
