// Sorting of a table's rows: by numbers, or by texts as people count ("shop-2" before "shop-10").
export interface Sort {
  column: string;
  descending: boolean;
}

export type SortValue = string | number | null | undefined;

const texts = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return texts.compare(String(a), String(b));
}

// Rows without a value come last either way.
export function sorted<Row>(rows: readonly Row[], valueOf: (row: Row) => SortValue, descending: boolean): Row[] {
  const isKnown = (row: Row) => valueOf(row) !== null && valueOf(row) !== undefined;
  const known = rows.filter(isKnown).sort((a, b) => compare(valueOf(a), valueOf(b)));
  if (descending) known.reverse();
  return [...known, ...rows.filter((row) => !isKnown(row))];
}

// One press: ascending, the next: descending, the next: as it came.
export function nextSort(before: Sort | null, column: string): Sort | null {
  if (before?.column !== column) return { column, descending: false };
  return before.descending ? null : { column, descending: true };
}
