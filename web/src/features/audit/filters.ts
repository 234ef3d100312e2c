// The filters of the audit log as they stand in the page's address, and as the API takes them.
export const filterNames = ["actor", "operation", "project", "text", "outcome", "since", "until"] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = { [name in FilterName]?: string };

export const outcomes = [
  { value: "", label: "Any outcome" },
  { value: "done", label: "Done" },
  { value: "failed", label: "Failed" },
  { value: "unknown", label: "Unknown" },
];
export type OutcomeFilter = "any" | "done" | "failed" | "unknown";

export function outcomeOf(text: string | undefined): OutcomeFilter | undefined {
  return text === "done" || text === "failed" || text === "unknown" ? text : undefined;
}

// Days are the reader's: "2026-03-01" begins at their midnight.
function midnight(day: string, daysLater = 0): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!found) return undefined;
  const [, year, month, date] = found.map(Number) as [number, number, number, number];
  return new Date(year, month - 1, date + daysLater).toISOString();
}

// `until` is the last day that is shown, so that one day can be asked for.
export function toQuery(filters: Filters) {
  const { outcome, since, until, ...texts } = filters;
  return {
    ...texts,
    outcome: outcomeOf(outcome),
    since: since ? midnight(since) : undefined,
    until: until ? midnight(until, 1) : undefined,
  };
}

export function withFilter(filters: Filters, name: FilterName, value: string): Filters {
  const changed = { ...filters };
  const text = value.trim();
  if (text === "") delete changed[name];
  else changed[name] = text;
  return changed;
}

export function isFiltered(filters: Filters): boolean {
  return filterNames.some((name) => filters[name]);
}
