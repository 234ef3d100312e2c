import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { pieces, type Piece } from "@/lib/ansi";
import type { LogLine } from "@/lib/api/log-lines";
import { cx } from "@/lib/class-names";
import { clockTime, exactTime } from "@/lib/time";
import { Button } from "@/ui/button";

interface Props {
  label: string;
  lines: readonly LogLine[];
  highlight?: string; // is marked wherever it occurs
  empty: ReactNode;
  tall?: boolean;
}

const tones: Record<Piece["tone"], string> = {
  plain: "",
  good: "text-good",
  bad: "text-bad",
  wait: "text-wait",
  accent: "text-accent",
  faint: "text-faint",
};
const edges: Record<string, string> = { err: "border-bad/70", system: "border-accent/50" };
const rowHeight = 20;
const nearEnd = 48; // pixels

// Only the lines in sight are in the page. Stays at the end while the reader is there.
export function LogView({ label, lines, highlight = "", empty, tall }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const seen = useRef(0);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 20,
    getItemKey: (index) => lines[index]?.sequence ?? index,
  });

  useEffect(() => {
    if (isAtEnd && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: "end" });
  }, [lines, isAtEnd, rows]);

  // Only the reader scrolls upwards; what is measured and added moves the end down.
  function note() {
    const element = box.current;
    if (!element) return;
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (isNear) setAtEnd(true);
    else if (element.scrollTop < seen.current) setAtEnd(false);
    seen.current = element.scrollTop;
  }

  return (
    <div className="relative min-w-0">
      <div
        ref={box}
        role="log"
        aria-label={label}
        aria-live="off"
        tabIndex={0}
        onScroll={note}
        className={cx(
          "overflow-auto bg-sunken py-2 font-mono text-xs leading-5 -outline-offset-2",
          tall ? "h-[calc(100dvh-22rem)] min-h-80" : "h-96",
        )}
      >
        {lines.length === 0 ? (
          <div className="grid h-full place-items-center px-6 text-center font-sans text-sm text-muted">{empty}</div>
        ) : (
          <div className="relative w-full" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((row) => (
              <div
                key={row.key}
                ref={rows.measureElement}
                data-index={row.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <Line line={lines[row.index] as LogLine} highlight={highlight} />
              </div>
            ))}
          </div>
        )}
      </div>
      {!isAtEnd && (
        <Button size="small" icon={<ArrowDown />} onClick={() => setAtEnd(true)} className="absolute right-4 bottom-3 shadow-raised">
          To the end
        </Button>
      )}
    </div>
  );
}

function Line({ line, highlight }: { line: LogLine; highlight: string }) {
  const at = new Date(line.time);
  return (
    <div
      className={cx(
        "flex gap-3 border-l-2 px-3 hover:bg-hover",
        edges[line.stream] ?? "border-transparent",
      )}
    >
      <time dateTime={line.time} title={exactTime(at)} className="shrink-0 text-faint select-none">
        {clockTime(at)}
      </time>
      <span className="min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">
        {pieces(line.text).map((piece, index) => (
          <span key={index} className={cx(tones[piece.tone], piece.bold && "font-semibold")}>
            <Marked text={piece.text} highlight={highlight} />
          </span>
        ))}
      </span>
    </div>
  );
}

function Marked({ text, highlight }: { text: string; highlight: string }) {
  if (highlight === "") return text;
  return text
    .split(highlight)
    .flatMap((part, index) =>
      index === 0 ? [part] : [<mark key={index} className="rounded-sm bg-wait-soft text-wait">{highlight}</mark>, part],
    );
}
