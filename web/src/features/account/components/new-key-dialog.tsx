import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { CodeBlock } from "@/ui/code-block";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { useCreateKey } from "@/features/account/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const lifetimes = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];
const dayMilliseconds = 86_400_000;

export function NewKeyDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Make an API key">
      <NewKeyForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewKeyForm({ onDone }: { onDone: () => void }) {
  const create = useCreateKey();
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");

  function submit(event: FormEvent) {
    event.preventDefault();
    const expires = days === "" ? undefined : new Date(Date.now() + Number(days) * dayMilliseconds).toISOString();
    create.mutate({ name, expires_at: expires });
  }

  if (create.data) return <Issued token={create.data.token} onDone={onDone} />;
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {create.error && !create.error.fields.name && <ProblemAlert error={create.error} shownFields={["name"]} />}
      <FormField label="Name" hint="What it is for, such as CI." error={create.error?.fields.name}>
        <Input autoFocus required autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
      </FormField>
      <FormField label="Valid for">
        <Select options={lifetimes} value={days} onChange={(event) => setDays(event.target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
          Make the key
        </Button>
      </div>
    </form>
  );
}

function Issued({ token, onDone }: { token: string; onDone: () => void }) {
  return (
    <div className="grid gap-4">
      <p className="text-muted">Copy it now: it is not shown again. Give it to programs as bearer token, or to git as password.</p>
      <CodeBlock code={token} label="Copy the key" />
      <div className="flex justify-end">
        <Button kind="primary" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
