import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";

import { CopyButton } from "@/ui/copy-button";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toast";
import { useReveal, type Place, type Variable } from "@/features/variables/queries";

interface Props {
  place: Place;
  variable: Variable;
  mayReveal: boolean;
}

// A plain value as it is; a secret one behind dots until it is asked for.
export function Value({ place, variable, mayReveal }: Props) {
  const reveal = useReveal(place);
  const [secret, setSecret] = useState<string | null>(null);
  const { name } = variable;
  const shown = variable.kind === "plain" ? (variable.value ?? "") : secret;

  function toggle() {
    if (secret !== null) setSecret(null);
    else reveal.mutate(name, { onSuccess: ({ value }) => setSecret(value), onError: toast.failed });
  }

  return (
    <span className="flex min-w-0 items-center gap-1">
      {shown === null ? (
        <span className="text-muted">
          <span aria-hidden>••••••••</span>
          <span className="sr-only">hidden</span>
        </span>
      ) : shown === "" ? (
        <span className="text-muted">empty</span>
      ) : (
        <code className="line-clamp-4 font-mono text-[0.8125rem] wrap-anywhere whitespace-pre-wrap">{shown}</code>
      )}
      {variable.kind === "secret" && mayReveal && (
        <IconButton
          label={secret === null ? `Show ${name}` : `Hide ${name}`}
          icon={secret === null ? <Eye /> : <EyeOff />}
          disabled={reveal.isPending}
          onClick={toggle}
        />
      )}
      {shown !== null && shown !== "" && <CopyButton text={shown} label={`Copy the value of ${name}`} />}
    </span>
  );
}
