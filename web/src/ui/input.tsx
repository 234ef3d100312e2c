import type { ComponentProps } from "react";

import { cx } from "@/lib/class-names";

export const fieldClass = cx(
  "w-full rounded-lg border border-line-strong bg-surface px-3 text-sm text-text transition-colors",
  "hover:border-faint focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0",
  "aria-invalid:border-bad disabled:bg-sunken disabled:text-faint",
);

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={cx(fieldClass, "h-9", className)} />;
}
