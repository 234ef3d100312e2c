import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { projectRoles, type ProjectRole } from "@/lib/roles";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { ProblemAlert } from "@/ui/problem-alert";
import { RoleSelect } from "@/ui/role-select";
import { Select } from "@/ui/select";
import { projectNamesQuery } from "@/features/access/queries";
import { useGrantTeam, type Team } from "@/features/access/teams/queries";

interface Props {
  team: Team;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function GrantDialog({ team, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`A role for ${team.name}`}>
      <GrantForm team={team} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function GrantForm({ team, onDone }: { team: Team; onDone: () => void }) {
  const grant = useGrantTeam(team.name);
  const projects = useQuery(projectNamesQuery);
  const [project, setProject] = useState("");
  const [role, setRole] = useState<ProjectRole>("developer");
  const names = projects.data ?? [];

  function submit(event: FormEvent) {
    event.preventDefault();
    grant.mutate({ project, role }, { onSuccess: onDone });
  }

  if (projects.isError) return <ProblemAlert error={projects.error} onRetry={() => projects.refetch()} />;
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {grant.error && <ProblemAlert error={grant.error} />}
      <FormField label="Project">
        <Select
          options={[{ value: "", label: "Choose one…" }, ...names.map((name) => ({ value: name, label: name }))]}
          value={project}
          onChange={(event) => setProject(event.target.value)}
        />
      </FormField>
      <FormField label="Role" hint="In place of what the team had there.">
        <RoleSelect offered={projectRoles} value={role} onChange={setRole} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={grant.isPending} disabled={project === ""}>
          Give the role
        </Button>
      </div>
    </form>
  );
}
