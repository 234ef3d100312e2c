import { cloneElement, useId, type ReactElement } from "react";

import { sentence } from "@/lib/api/problem";

interface ControlProps {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
}

interface Props {
  label: string;
  hint?: string;
  error?: string; // as the API says it: "is taken"
  optional?: boolean;
  children: ReactElement<ControlProps>;
}

// A control with its label, and what is to be known or is wrong about it.
export function FormField({ label, hint, error, optional, children }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-[0.8125rem] font-medium">
        {label}
        {optional && <span className="font-normal text-faint"> (optional)</span>}
      </label>
      {cloneElement(children, {
        id,
        "aria-describedby": note ? `${id}-note` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {note && (
        <p id={`${id}-note`} className={error ? "text-[0.8125rem] text-bad" : "text-[0.8125rem] text-muted"}>
          {error ? sentence(error) : hint}
        </p>
      )}
    </div>
  );
}
