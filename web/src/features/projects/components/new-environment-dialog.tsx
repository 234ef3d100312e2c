import { useState, type FormEvent } from "react";

import { useCreateEnvironment } from "@/lib/environments/queries";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";

interface Props {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onMade: (name: string) => void;
}

export function NewEnvironmentDialog({ project, open, onOpenChange, onMade }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New environment"
      description="A branch of the same repository with an address, releases, variables and logs of its own. It begins with production's settings and without its variables."
    >
      <NewEnvironmentForm
        project={project}
        onMade={(name) => {
          onOpenChange(false);
          onMade(name);
        }}
      />
    </Dialog>
  );
}

const fields = ["name", "branch"] as const;

function NewEnvironmentForm({ project, onMade }: { project: string; onMade: (name: string) => void }) {
  const create = useCreateEnvironment(project);
  const [name, setName] = useState("");
  const [branch, setBranch] = useState("");
  const wrong = create.error?.fields ?? {};
  const isElsewhere = create.error && !fields.some((field) => wrong[field]);

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({ name: name.trim(), branch: branch.trim() || undefined }, { onSuccess: (made) => onMade(made.name) });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={create.error} shownFields={fields} />}
      <FormField label="Name" hint={`It becomes part of the address: ${project}-${name.trim() || "staging"}.`} error={wrong.name}>
        <Input
          autoFocus
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="staging"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </FormField>
      <FormField optional label="Branch" hint="Its pushes are deployed there. Without one: the branch of the same name." error={wrong.branch}>
        <Input
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={name.trim() || "develop"}
          value={branch}
          onChange={(event) => setBranch(event.target.value)}
        />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
          Make the environment
        </Button>
      </div>
    </form>
  );
}
