import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { cx } from "@/lib/class-names";
import { fieldClass } from "@/ui/input";

export interface Option<Value extends string = string> {
  value: Value;
  label: string;
}

interface Props extends ComponentProps<"select"> {
  options: readonly Option[];
}

// The browser's own: at home on every device, and no style element that the policy would refuse.
export function Select({ options, className, ...rest }: Props) {
  return (
    <span className={cx("relative block", className)}>
      <select {...rest} className={cx(fieldClass, "h-9 appearance-none pr-8")}>
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-raised text-text">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted" />
    </span>
  );
}
