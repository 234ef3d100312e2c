import { useId, type ReactNode } from "react";

import { cx } from "@/lib/class-names";

interface Props {
  title?: string;
  description?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  flush?: boolean; // without a margin around the content: for tables and logs
  danger?: boolean;
  children: ReactNode;
}

export function Card({ title, description, actions, footer, flush, danger, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx("min-w-0 overflow-hidden rounded-xl border bg-surface", danger ? "border-bad/40" : "border-line")}
    >
      {title && (
        <header className={cx("flex flex-wrap items-start justify-between gap-3 px-5 pt-4", flush && "pb-4")}>
          <div className="grid flex-1 basis-56 gap-0.5">
            <h2 id={id} className="text-[0.9375rem] font-semibold">
              {title}
            </h2>
            {description && <div className="max-w-prose text-[0.8125rem] text-muted">{description}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? (title ? "border-t border-line" : "") : "px-5 py-4"}>{children}</div>
      {footer && <footer className="border-t border-line bg-sunken px-5 py-3">{footer}</footer>}
    </section>
  );
}
