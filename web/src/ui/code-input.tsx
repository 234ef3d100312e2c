import type { ComponentProps } from "react";

import { cx } from "@/lib/class-names";
import { Input } from "@/ui/input";

// For codes that are read somewhere else and typed: of an authenticator app, of another machine.
export function CodeInput({ className, ...rest }: ComponentProps<"input">) {
  return (
    <Input
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      {...rest}
      className={cx("font-mono text-base tracking-widest", className)}
    />
  );
}
