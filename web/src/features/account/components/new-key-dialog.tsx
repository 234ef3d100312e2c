import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { expiryOf, lifetimes, usualLifetime } from "@/lib/lifetimes";
import { Button } from "@/ui/button";
import { ChoiceList } from "@/ui/choice-list";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { ShownOnce } from "@/ui/shown-once";
import { PlaceFields } from "@/features/account/components/place-fields";
import { scopesOf } from "@/features/account/limits";
import { permissionsQuery, useCreateKey } from "@/features/account/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const scopeChoices = [
  { value: "", label: "All that you may" },
  { value: "deploy", label: "deploy: push, roll back, and what belongs to it" },
  { value: "read", label: "read: what viewers may" },
  { value: "write", label: "write: what developers may" },
  { value: "admin", label: "admin: what admins may" },
  { value: "single", label: "Single permissions…" },
];
const shownFields = ["name", "scopes", "project", "environment"] as const;

export function NewKeyDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog firm open={open} onOpenChange={onOpenChange} title="Make an API key">
      <NewKeyForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewKeyForm({ onDone }: { onDone: () => void }) {
  const create = useCreateKey();
  const [name, setName] = useState("");
  const [days, setDays] = useState(usualLifetime);
  const [choice, setChoice] = useState("");
  const [single, setSingle] = useState<string[]>([]);
  const [place, setPlace] = useState({ project: "", environment: "" });
  const wrong = create.error?.fields ?? {};
  const isElsewhere = create.error && !shownFields.some((field) => wrong[field]);
  const isReady = name.trim() !== "" && (choice !== "single" || single.length > 0);

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({
      name,
      expires_at: expiryOf(days),
      scopes: scopesOf(choice, single),
      project: place.project || undefined,
      environment: place.environment || undefined,
    });
  }

  if (create.data) {
    return (
      <ShownOnce secret={create.data.token} label="Copy the key" onDone={onDone}>
        Give it to programs as bearer token, or to git as password.
      </ShownOnce>
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={create.error} shownFields={shownFields} />}
      <FormField label="Name" hint="What it is for, such as CI." error={wrong.name}>
        <Input autoFocus required autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
      </FormField>
      <FormField label="May do" error={wrong.scopes}>
        <Select options={scopeChoices} value={choice} onChange={(event) => setChoice(event.target.value)} />
      </FormField>
      {choice === "single" && <SinglePermissions chosen={single} onChange={setSingle} />}
      <PlaceFields place={place} onChange={setPlace} wrong={wrong} />
      <FormField label="Valid for">
        <Select options={lifetimes} value={days} onChange={(event) => setDays(event.target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={!isReady}>
          Make the key
        </Button>
      </div>
    </form>
  );
}

function SinglePermissions({ chosen, onChange }: { chosen: string[]; onChange: (chosen: string[]) => void }) {
  const all = useQuery(permissionsQuery);
  if (all.isPending) return <p className="text-muted">Loading the permissions…</p>;
  if (all.isError) return <ProblemAlert error={all.error} onRetry={() => all.refetch()} />;
  // Every key may ask who it is.
  const choices = all.data.permissions
    .filter(({ name }) => name !== "account.self")
    .map(({ name, role }) => ({ value: name, label: name, hint: `for ${role} and above` }));
  return <ChoiceList legend="Permissions" choices={choices} chosen={chosen} onChange={onChange} />;
}
