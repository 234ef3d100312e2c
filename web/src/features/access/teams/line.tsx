import { X } from "lucide-react";
import type { ReactNode } from "react";

import { IconButton } from "@/ui/icon-button";
import { Spinner } from "@/ui/spinner";

interface Props {
  label: string; // of the button
  busy: boolean;
  onRemove?: () => void; // where it may be done
  children: ReactNode;
}

// Something of a team's that can be taken away.
export function Line({ label, busy, onRemove, children }: Props) {
  return (
    <li className="flex min-h-9 items-center justify-between gap-3 border-b border-line py-0.5 last:border-b-0">
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-2 wrap-anywhere">{children}</span>
      {onRemove && <IconButton label={label} icon={busy ? <Spinner /> : <X />} disabled={busy} onClick={onRemove} />}
    </li>
  );
}
