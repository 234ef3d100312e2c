import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { expiryOf, lifetimes, usualLifetime } from "@/lib/lifetimes";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { ShownOnce } from "@/ui/shown-once";
import { environmentNamesQuery, useCreateToken } from "@/features/access/project/queries";

interface Props {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function NewTokenDialog({ project, open, onOpenChange }: Props) {
  return (
    <Dialog firm open={open} onOpenChange={onOpenChange} title="Make a deployment token">
      <NewTokenForm project={project} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewTokenForm({ project, onDone }: { project: string; onDone: () => void }) {
  const create = useCreateToken(project);
  const environments = useQuery(environmentNamesQuery(project)).data ?? [];
  const [name, setName] = useState("");
  const [environment, setEnvironment] = useState("");
  const [days, setDays] = useState(usualLifetime);
  const wrong = create.error?.fields.name;

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({ name, environment: environment || undefined, expires_at: expiryOf(days) });
  }

  if (create.data) {
    return (
      <ShownOnce secret={create.data.token} label="Copy the token" onDone={onDone}>
        Give it to the pipeline as bearer token, or to git as password.
      </ShownOnce>
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {create.error && !wrong && <ProblemAlert error={create.error} />}
      <FormField label="Name" hint="Where it is used, such as GitHub Actions." error={wrong}>
        <Input autoFocus required autoComplete="off" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </FormField>
      <FormField label="Environment">
        <Select
          options={[{ value: "", label: "All environments" }, ...environments.map((one) => ({ value: one, label: one }))]}
          value={environment}
          onChange={(event) => setEnvironment(event.target.value)}
        />
      </FormField>
      <FormField label="Valid for">
        <Select options={lifetimes} value={days} onChange={(event) => setDays(event.target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
          Make the token
        </Button>
      </div>
    </form>
  );
}
