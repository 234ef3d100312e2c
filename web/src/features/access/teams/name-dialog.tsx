import { useState, type FormEvent } from "react";

import { asProblem } from "@/lib/api/problem";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";

interface FormProps {
  action: string;
  name: string;
  onName: (name: string) => Promise<unknown>;
}

interface Props extends FormProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
}

export function NameDialog({ open, onOpenChange, title, onName, ...form }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title}>
      <NameForm {...form} onName={(name) => onName(name).then(() => onOpenChange(false))} />
    </Dialog>
  );
}

function NameForm({ action, name: before, onName }: FormProps) {
  const [name, setName] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wrong = error === null ? undefined : asProblem(error).fields.name;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    await onName(name.trim()).catch(setError);
    setBusy(false);
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {error !== null && !wrong && <ProblemAlert error={error} />}
      <FormField label="Name" error={wrong}>
        <Input autoFocus required autoComplete="off" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={busy} disabled={name.trim() === "" || name.trim() === before}>
          {action}
        </Button>
      </div>
    </form>
  );
}
