import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { Textarea } from "@/ui/textarea";
import { errorOf } from "@/features/variables/changes";
import { useChangeVariables, type Kind, type Place, type Variable } from "@/features/variables/queries";
import { looksSecret } from "@/features/variables/secret-names";

interface Props {
  place: Place;
  edited: Variable | "new" | null;
  onClose: () => void;
}

export const kinds: readonly { value: Kind; label: string }[] = [
  { value: "plain", label: "Plain: shown here, given to builds, too" },
  { value: "secret", label: "Secret: hidden here, given to the app only" },
];

export function VariableDialog({ place, edited, onClose }: Props) {
  const title = edited === "new" ? "Add a variable" : `Change ${edited?.name}`;
  return (
    <Dialog open={edited !== null} onOpenChange={(open) => !open && onClose()} title={title}>
      {edited && <VariableForm place={place} edited={edited === "new" ? null : edited} onDone={onClose} />}
    </Dialog>
  );
}

function VariableForm({ place, edited, onDone }: { place: Place; edited: Variable | null; onDone: () => void }) {
  const change = useChangeVariables(place);
  const [name, setName] = useState(edited?.name ?? "");
  const [value, setValue] = useState(edited?.value ?? "");
  const [chosen, setChosen] = useState<Kind | null>(edited?.kind ?? null);
  const kind = chosen ?? (looksSecret(name, value) ? "secret" : "plain");
  const wrong = change.error && errorOf(change.error.document.errors ?? [], name.trim());

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate({ set: { [name.trim()]: { value, kind } }, remove: [] }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {change.error && !wrong && <ProblemAlert error={change.error} />}
      <FormField label="Name" error={wrong ?? undefined}>
        <Input
          required
          autoFocus={!edited}
          disabled={edited !== null}
          autoComplete="off"
          spellCheck={false}
          placeholder="PUBLIC_URL"
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="font-mono"
        />
      </FormField>
      <FormField label="Value" hint={edited?.kind === "secret" ? "The value that holds now is not shown; this takes its place." : undefined}>
        <Textarea mono autoFocus={edited !== null} rows={3} autoComplete="off" value={value} onChange={(event) => setValue(event.target.value)} />
      </FormField>
      <FormField label="Kind">
        <Select options={kinds} value={kind} onChange={(event) => setChosen(event.target.value as Kind)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={change.isPending} disabled={name.trim() === ""}>
          Save
        </Button>
      </div>
    </form>
  );
}
