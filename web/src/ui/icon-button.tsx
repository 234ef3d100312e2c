import type { ComponentProps, ReactNode } from "react";

import { cx } from "@/lib/class-names";
import { Tooltip } from "@/ui/tooltip";

interface Props extends Omit<ComponentProps<"button">, "aria-label" | "children"> {
  label: string; // what a screen reader says and the tooltip shows
  icon: ReactNode;
  tip?: boolean;
}

export function IconButton({ label, icon, tip = true, className, type = "button", ...rest }: Props) {
  const button = (
    <button
      {...rest}
      type={type}
      aria-label={label}
      className={cx(
        "inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-muted transition-colors",
        "hover:bg-hover hover:text-text disabled:opacity-55 [&_svg]:size-4",
        className,
      )}
    >
      {icon}
    </button>
  );
  return tip ? <Tooltip text={label}>{button}</Tooltip> : button;
}
