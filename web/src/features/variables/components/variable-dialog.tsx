import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useChangeVariables } from "@/features/variables/queries";

interface Props {
  project: string;
  edited: { name: string; value: string } | null;
  onClose: () => void;
}

export function VariableDialog({ project, edited, onClose }: Props) {
  const isNew = edited?.name === "";
  return (
    <Dialog open={edited !== null} onOpenChange={(open) => !open && onClose()} title={isNew ? "Add a variable" : `Change ${edited?.name}`}>
      {edited && <VariableForm project={project} name={edited.name} value={edited.value} onDone={onClose} />}
    </Dialog>
  );
}

function VariableForm(props: { project: string; name: string; value: string; onDone: () => void }) {
  const change = useChangeVariables(props.project);
  const [name, setName] = useState(props.name);
  const [value, setValue] = useState(props.value);

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate({ [name.trim()]: value }, { onSuccess: props.onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      {change.error && <ProblemAlert error={change.error} />}
      <FormField label="Name">
        <Input
          required
          autoFocus={props.name === ""}
          disabled={props.name !== ""}
          autoComplete="off"
          spellCheck={false}
          placeholder="PUBLIC_URL"
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="font-mono"
        />
      </FormField>
      <FormField label="Value">
        <Input
          required
          autoFocus={props.name !== ""}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          className="font-mono"
        />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
