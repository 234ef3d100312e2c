import { useState, type FormEvent, type ReactNode } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode; // what happens, and what does not come back
  action: string; // "Delete the project"
  typed?: string; // has to be typed before the button works
  danger?: boolean;
  onConfirm: () => Promise<unknown>;
}

export function ConfirmDialog(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={props.title}>
      <Question {...props} />
    </Dialog>
  );
}

// Apart, so that what was typed is forgotten when it closes.
function Question({ onOpenChange, children, action, typed, danger = true, onConfirm }: Props) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function confirm(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={confirm} className="grid gap-4">
      <div className="text-muted">{children}</div>
      {typed && (
        <FormField label={`Type ${typed} to confirm`}>
          <Input value={text} autoComplete="off" spellCheck={false} onChange={(event) => setText(event.target.value)} />
        </FormField>
      )}
      {error !== null && <ProblemAlert error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Keep it as it is</Button>
        <Button
          type="submit"
          kind={danger ? "danger" : "primary"}
          busy={busy}
          disabled={typed !== undefined && text !== typed}
        >
          {action}
        </Button>
      </div>
    </form>
  );
}
