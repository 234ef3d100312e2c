import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { cx } from "@/lib/class-names";
import { Input } from "@/ui/input";

interface Props {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void; // a moment after the last key
  className?: string;
}

const pauseMilliseconds = 300;

// A filter that is typed: into the address or a question to the server, not with every key.
export function SearchField({ label, placeholder = `${label}…`, value, onChange, className }: Props) {
  const [typed, setTyped] = useState(value);
  const tell = useRef(onChange);
  tell.current = onChange;
  const told = useRef(value);
  useEffect(() => {
    // Changed from elsewhere, as by going back.
    if (value !== told.current) {
      told.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed;
      tell.current(typed);
    }, pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <span className={cx("relative block", className)}>
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="pl-8"
      />
    </span>
  );
}
