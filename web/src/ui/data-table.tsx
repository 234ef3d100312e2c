import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { useState, type ReactNode } from "react";

import { cx } from "@/lib/class-names";
import { nextSort, sorted, type Sort, type SortValue } from "@/lib/sort";
import { Button } from "@/ui/button";
import { ProblemAlert } from "@/ui/problem-alert";
import { Skeleton } from "@/ui/skeleton";

export interface Column<Row> {
  id: string;
  label: string;
  cell: (row: Row) => ReactNode;
  sort?: (row: Row) => SortValue; // the head sorts by it; only where all rows are there
  align?: "end";
  main?: boolean; // names the row
  hideLabel?: boolean; // of actions: the head says nothing to the eye
}

// What a query of pages gives: `useInfiniteQuery`, or a plain one without `more`.
export interface TableState {
  isLoading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  more?: { has: boolean; isLoading: boolean; load: () => void };
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  empty: ReactNode;
  state?: TableState;
}

// A table from 640 px on, a list of cards below: each cell then says what it is.
export function DataTable<Row>({ label, columns, rows, keyOf, empty, state = {} }: Props<Row>) {
  const [sort, setSort] = useState<Sort | null>(null);
  if (state.error && rows.length === 0) {
    return (
      <div className="p-4">
        <ProblemAlert error={state.error} onRetry={state.onRetry} />
      </div>
    );
  }
  if (!state.isLoading && rows.length === 0) return empty;
  const by = columns.find(({ id }) => id === sort?.column)?.sort;
  const shown = sort && by ? sorted(rows, by, sort.descending) : rows;
  return (
    <>
      <div className="overflow-x-auto">
        <table aria-label={label} aria-busy={state.isLoading || undefined} className="block w-full border-collapse tabular-nums sm:table">
          <thead className="sr-only sm:not-sr-only sm:table-header-group">
            <tr className="border-b border-line bg-sunken">
              {columns.map((column) => (
                <Head key={column.id} column={column} sort={sort} onSort={() => setSort(nextSort(sort, column.id))} />
              ))}
            </tr>
          </thead>
          <tbody className="block sm:table-row-group">
            {state.isLoading && <LoadingRows columns={columns} />}
            {shown.map((row) => (
              <tr key={keyOf(row)} className="block border-b border-line px-5 py-4 last:border-b-0 sm:table-row sm:p-0 sm:hover:bg-hover/60">
                {columns.map((column) => (
                  <Cell key={column.id} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {state.more?.has && (
        <div className="border-t border-line px-5 py-3">
          <Button size="small" busy={state.more.isLoading} onClick={state.more.load}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort: Sort | null; onSort: () => void }) {
  const own = sort?.column === column.id ? sort : null;
  const Icon = own ? (own.descending ? ArrowDown : ArrowUp) : ChevronsUpDown;
  return (
    <th
      scope="col"
      aria-sort={own ? (own.descending ? "descending" : "ascending") : undefined}
      className={cx("px-5 py-2 text-[0.8125rem] font-medium whitespace-nowrap text-muted", column.align === "end" ? "text-right" : "text-left")}
    >
      {column.hideLabel && <span className="sr-only">{column.label}</span>}
      {!column.hideLabel && !column.sort && column.label}
      {!column.hideLabel && column.sort && (
        <button type="button" onClick={onSort} className="inline-flex items-center gap-1 rounded hover:text-text">
          {column.label}
          <Icon aria-hidden className={cx("size-3.5", !own && "text-faint")} />
        </button>
      )}
    </th>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const Element = column.main ? "th" : "td";
  return (
    <Element
      scope={column.main ? "row" : undefined}
      className={cx(
        "flex min-w-0 items-baseline justify-between gap-4 py-1 text-left font-normal sm:table-cell sm:px-5 sm:py-2.5 sm:align-middle",
        column.align === "end" && "whitespace-nowrap sm:text-right",
        column.main && "pb-2",
      )}
    >
      {!column.main && !column.hideLabel && (
        <span aria-hidden className="shrink-0 text-[0.8125rem] text-muted sm:hidden">
          {column.label}
        </span>
      )}
      {column.cell(row)}
    </Element>
  );
}

const loadingRows = [0, 1, 2, 3];

function LoadingRows<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return loadingRows.map((row) => (
    <tr key={row} className="block border-b border-line px-5 py-4 sm:table-row sm:p-0">
      {columns.map((column) => (
        <td key={column.id} className="block py-1 sm:table-cell sm:px-5 sm:py-3">
          <Skeleton className="w-2/3" />
        </td>
      ))}
    </tr>
  ));
}
