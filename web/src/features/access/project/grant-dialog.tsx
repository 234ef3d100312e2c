import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";

import { roleOn } from "@/lib/me/rights";
import { useMay, useMe } from "@/lib/me/use-rights";
import { projectRoles, upTo, type ProjectRole } from "@/lib/roles";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { RoleSelect } from "@/ui/role-select";
import { Select } from "@/ui/select";
import { usersQuery } from "@/features/access/queries";
import { usePutGrant } from "@/features/access/project/queries";
import { teamsQuery } from "@/features/access/teams/queries";

interface Props {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

type Kind = "email" | "team";
const kinds = [
  { value: "email", label: "A person or service account" },
  { value: "team", label: "A team" },
];

export function GrantDialog({ project, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Give a role on ${project}`}>
      <GrantForm project={project} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

// Who may list users and teams is offered their names; others type them.
function useNames(kind: Kind): string[] {
  const users = useInfiniteQuery({ ...usersQuery, enabled: useMay("users.manage") && kind === "email" });
  const teams = useQuery({ ...teamsQuery, enabled: useMay("teams.read") && kind === "team" });
  if (kind === "team") return teams.data?.items.map(({ name }) => name) ?? [];
  return users.data?.pages.flatMap(({ items }) => items.map(({ email }) => email)) ?? [];
}

function GrantForm({ project, onDone }: { project: string; onDone: () => void }) {
  const put = usePutGrant(project);
  const me = useMe();
  const [kind, setKind] = useState<Kind>("email");
  const [name, setName] = useState("");
  const [role, setRole] = useState<ProjectRole>("developer");
  const names = useNames(kind);
  const list = useId();
  const wrong = put.error?.fields[kind];

  function submit(event: FormEvent) {
    event.preventDefault();
    put.mutate({ [kind]: name.trim(), role }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {put.error && !wrong && <ProblemAlert error={put.error} />}
      <FormField label="To">
        <Select
          options={kinds}
          value={kind}
          onChange={(event) => {
            setKind(event.target.value as Kind);
            setName("");
          }}
        />
      </FormField>
      <FormField label={kind === "team" ? "Team" : "E-mail address, or the account's name"} error={wrong}>
        <Input
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          list={list}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </FormField>
      <datalist id={list}>
        {names.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <FormField label="Role" hint="In place of what they had here.">
        <RoleSelect offered={upTo(projectRoles, me ? roleOn(me, project) : "")} value={role} onChange={setRole} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={put.isPending} disabled={name.trim() === ""}>
          Give the role
        </Button>
      </div>
    </form>
  );
}
