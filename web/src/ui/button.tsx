import type { ComponentProps, ReactNode } from "react";

import { cx } from "@/lib/class-names";
import { Spinner } from "@/ui/spinner";

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "small" | "medium";

const kinds: Record<ButtonKind, string> = {
  primary: "border-transparent bg-accent-fill text-on-accent hover:bg-accent-fill-hover",
  secondary: "border-line-strong bg-surface text-text hover:bg-hover",
  quiet: "border-transparent text-muted hover:bg-hover hover:text-text",
  danger: "border-transparent bg-bad-fill text-on-accent hover:opacity-90",
};
const sizes: Record<ButtonSize, string> = {
  small: "h-8 px-2.5 text-[0.8125rem]",
  medium: "h-9 px-3.5 text-sm",
};

export function buttonClass(kind: ButtonKind = "secondary", size: ButtonSize = "medium"): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center gap-2 rounded-lg border font-medium",
    "whitespace-nowrap no-underline transition-colors select-none disabled:opacity-55 aria-disabled:opacity-55",
    "[&_svg]:size-4 [&_svg]:shrink-0",
    kinds[kind],
    sizes[size],
  );
}

interface Props extends ComponentProps<"button"> {
  kind?: ButtonKind;
  size?: ButtonSize;
  busy?: boolean; // works on it: the spinner takes the icon's place, and it cannot be pressed again
  icon?: ReactNode;
}

export function Button({ kind, size, busy, icon, disabled, className, children, type = "button", ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(kind, size), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
