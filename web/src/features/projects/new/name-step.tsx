import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useCreateProject } from "@/features/projects/queries";

export function NameStep({ onMade }: { onMade: (name: string) => void }) {
  const create = useCreateProject();
  const [name, setName] = useState("");
  const wrong = create.error?.fields.name;

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(name.trim(), { onSuccess: (project) => onMade(project.name) });
  }

  return (
    <Card title="What is it called?" description="A project is one app with its address, its releases and its logs.">
      <form onSubmit={submit} className="grid max-w-md gap-4" noValidate>
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
        <div>
          <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
            Make the project
          </Button>
        </div>
      </form>
    </Card>
  );
}
