import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useCreateProject } from "@/features/projects/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function NewProjectDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New project"
      description="A project is one app with its address, its releases and its logs. Push a git checkout to it to deploy."
    >
      <NewProjectForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewProjectForm({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  const create = useCreateProject();
  const [name, setName] = useState("");
  const wrong = create.error?.fields.name;

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(name, {
      onSuccess: (project) => {
        onDone();
        void navigate({ to: "/projects/$project", params: { project: project.name } });
      },
    });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {create.error && !wrong && <ProblemAlert error={create.error} shownFields={["name"]} />}
      <FormField label="Name" hint="Lower-case letters, digits and hyphens; it becomes part of the address." error={wrong}>
        <Input
          autoFocus
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="shop"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
          Make the project
        </Button>
      </div>
    </form>
  );
}
