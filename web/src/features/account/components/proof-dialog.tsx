import { useState, type FormEvent, type ReactNode } from "react";

import { Problem } from "@/lib/api/problem";
import { Button } from "@/ui/button";
import { CodeInput } from "@/ui/code-input";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import type { Proof } from "@/features/account/queries";

interface FormProps {
  action: string;
  danger?: boolean;
  withoutCode?: boolean; // there is no second factor to give one of
  onProof: (proof: Proof) => Promise<unknown>;
}

interface Props extends FormProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
}

// Password and code once more, before what an intruder at the screen must not do.
export function ProofDialog({ open, onOpenChange, title, description, onProof, ...form }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={description}>
      <ProofForm {...form} onProof={(proof) => onProof(proof).then(() => onOpenChange(false))} />
    </Dialog>
  );
}

export function ProofForm({ action, danger, withoutCode, onProof }: FormProps) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isCode = error instanceof Problem && error.code === "identity.bad_code";

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    await onProof({ password, code: code.trim() }).catch(setError);
    setBusy(false);
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {error !== null && !isCode && <ProblemAlert error={error} />}
      <FormField label="Password">
        <Input autoFocus type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      </FormField>
      {!withoutCode && (
        <FormField label="Code" hint="Of your app, or a recovery code." error={isCode ? "The code is wrong, or was used already" : undefined}>
          <CodeInput autoComplete="one-time-code" required value={code} onChange={(event) => setCode(event.target.value)} />
        </FormField>
      )}
      <div className="flex justify-end">
        <Button type="submit" kind={danger ? "danger" : "primary"} busy={busy} disabled={password === "" || (!withoutCode && code.trim() === "")}>
          {action}
        </Button>
      </div>
    </form>
  );
}
