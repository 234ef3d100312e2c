import type { ComponentProps } from "react";

import { cx } from "@/lib/class-names";
import { fieldClass } from "@/ui/input";

interface Props extends ComponentProps<"textarea"> {
  mono?: boolean;
}

export function Textarea({ className, mono, rows = 4, ...rest }: Props) {
  return (
    <textarea
      {...rest}
      rows={rows}
      spellCheck={!mono}
      className={cx(fieldClass, "py-2 leading-normal", mono && "font-mono text-[0.8125rem]", className)}
    />
  );
}
