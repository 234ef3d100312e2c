import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useId, useState, type ComponentProps } from "react";

import { Button } from "@/ui/button";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { isFiltered, outcomes, withFilter, type FilterName, type Filters } from "@/features/audit/filters";

const typingPauseMilliseconds = 300;

interface Props {
  filters: Filters;
  operations: readonly string[]; // those that are seen, to choose from
}

export function FilterBar({ filters, operations }: Props) {
  const navigate = useNavigate();
  const list = useId();
  const set = (name: FilterName, value: string) =>
    void navigate({ to: "/settings/audit", search: withFilter(filters, name, value), replace: true });
  const text = (name: FilterName, label: string) => ({ label, value: filters[name] ?? "", onSettled: (value: string) => set(name, value) });
  return (
    <div role="search" aria-label="Filters" className="grid grid-cols-2 gap-3 border-b border-line px-5 py-4 lg:grid-cols-4">
      <TextFilter {...text("actor", "Who")} placeholder="ann@example.org, machine…" />
      <TextFilter {...text("operation", "Operation")} placeholder="change_settings" list={list} />
      <TextFilter {...text("project", "Project")} placeholder="shop" />
      <TextFilter {...text("text", "Path or target has")} />
      <Labelled label="From">
        <Input type="date" value={filters.since ?? ""} onChange={(event) => set("since", event.target.value)} />
      </Labelled>
      <Labelled label="To">
        <Input type="date" value={filters.until ?? ""} onChange={(event) => set("until", event.target.value)} />
      </Labelled>
      <Labelled label="Outcome">
        <Select options={outcomes} value={filters.outcome ?? ""} onChange={(event) => set("outcome", event.target.value)} />
      </Labelled>
      <div className="flex items-end">
        {isFiltered(filters) && (
          <Button kind="quiet" icon={<X />} onClick={() => void navigate({ to: "/settings/audit", search: {}, replace: true })}>
            Clear
          </Button>
        )}
      </div>
      <datalist id={list}>
        {operations.map((operation) => (
          <option key={operation} value={operation} />
        ))}
      </datalist>
    </div>
  );
}

function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <label className="grid min-w-0 content-start gap-1 text-[0.8125rem] font-medium">
      {label}
      {children}
    </label>
  );
}

interface TextProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  label: string;
  value: string;
  onSettled: (value: string) => void;
}

// Into the address a moment after the last key; what comes from the address is shown.
function TextFilter({ label, value, onSettled, ...rest }: TextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onSettled(typed), typingPauseMilliseconds);
    return () => clearTimeout(timer);
  }, [typed, value, onSettled]);
  return (
    <Labelled label={label}>
      <Input
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={200}
        {...rest}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Labelled>
  );
}
