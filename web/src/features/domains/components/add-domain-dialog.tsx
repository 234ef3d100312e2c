import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useAddDomain } from "@/features/domains/queries";

interface Props {
  project: string;
  environment: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const fields = ["name", "redirect_to"] as const;

export function AddDomainDialog({ project, environment, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Add a domain" description="It answers at once where its DNS records lead here already.">
      <AddDomainForm project={project} environment={environment} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function AddDomainForm({ project, environment, onDone }: { project: string; environment: string; onDone: () => void }) {
  const add = useAddDomain(project);
  const [name, setName] = useState("");
  const [redirects, setRedirects] = useState(false);
  const [target, setTarget] = useState("");
  const wrong = add.error?.fields ?? {};
  const isElsewhere = add.error && !fields.some((field) => wrong[field]);

  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate({ name: name.trim(), environment, redirect_to: redirects ? target.trim() : undefined }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={add.error} shownFields={fields} />}
      <FormField label="Name" hint="Such as shop.example.com, or *.example.com for all names below." error={wrong.name}>
        <Input autoFocus required autoComplete="off" autoCapitalize="none" spellCheck={false} value={name} onChange={(event) => setName(event.target.value)} />
      </FormField>
      <Checkbox label="Send visitors to another address" checked={redirects} onChange={setRedirects} />
      {redirects && (
        <FormField label="Address" hint="With https:// in front." error={wrong.redirect_to}>
          <Input type="url" required placeholder="https://example.com" value={target} onChange={(event) => setTarget(event.target.value)} />
        </FormField>
      )}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={add.isPending} disabled={name.trim() === ""}>
          Add the domain
        </Button>
      </div>
    </form>
  );
}
