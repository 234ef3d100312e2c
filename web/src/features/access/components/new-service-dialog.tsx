import { useState, type FormEvent } from "react";

import { useMe } from "@/lib/me/use-rights";
import { roles, upTo, type RoleName } from "@/lib/roles";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { RoleSelect } from "@/ui/role-select";
import { useCreateService } from "@/features/access/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function NewServiceDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Make a service account">
      <NewServiceForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewServiceForm({ onDone }: { onDone: () => void }) {
  const create = useCreateService();
  const own = useMe()?.role ?? "";
  const [name, setName] = useState("");
  const [role, setRole] = useState<RoleName>("guest");
  const wrong = create.error?.fields ?? {};
  const nameError = wrong.name ?? wrong.email;

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({ name: name.trim(), role }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {create.error && !nameError && <ProblemAlert error={create.error} />}
      <FormField label="Name" hint="Such as ci-runner." error={nameError}>
        <Input autoFocus required autoComplete="off" autoCapitalize="none" spellCheck={false} value={name} onChange={(event) => setName(event.target.value)} />
      </FormField>
      <FormField label="Role on all projects" hint="A guest may do only what is granted on single projects.">
        <RoleSelect offered={upTo(roles, own)} value={role} onChange={setRole} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ""}>
          Make the account
        </Button>
      </div>
    </form>
  );
}
