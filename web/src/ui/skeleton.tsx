import { cx } from "@/lib/class-names";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("block h-4 animate-pulse rounded-md bg-hover", className)} />;
}

// While a page loads: as much room as it will take, so that nothing jumps.
export function SkeletonCard({ lines = 3 }: { lines?: number }) {
  return (
    <div aria-hidden className="grid gap-3 rounded-xl border border-line bg-surface p-5">
      <Skeleton className="w-1/3" />
      {Array.from({ length: lines - 1 }, (_, line) => (
        <Skeleton key={line} className={line % 2 === 0 ? "w-4/5" : "w-3/5"} />
      ))}
    </div>
  );
}
