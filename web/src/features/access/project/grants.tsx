import { useQuery } from "@tanstack/react-query";
import { Plus, UsersRound } from "lucide-react";
import { useState } from "react";

import { roleOn } from "@/lib/me/rights";
import { useMay, useMe } from "@/lib/me/use-rights";
import { projectRoles, rank, upTo, type ProjectRole } from "@/lib/roles";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { RoleSelect } from "@/ui/role-select";
import { queryState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { toast } from "@/ui/toast";
import { GrantDialog } from "@/features/access/project/grant-dialog";
import { grantsQuery, usePutGrant, useRemoveGrant, type Grant } from "@/features/access/project/queries";

export function Grants({ project }: { project: string }) {
  const grants = useQuery(grantsQuery(project));
  const mayGive = useMay("grants.manage", project);
  const [isGiving, setGiving] = useState(false);
  const [removed, setRemoved] = useState<Grant | null>(null);
  const remove = useRemoveGrant(project);

  const columns: Column<Grant>[] = [
    {
      id: "name",
      label: "Who",
      main: true,
      cell: ({ name, team }) => (
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{name}</span>
          {typeof team === "number" && <Badge>Team</Badge>}
        </span>
      ),
    },
    { id: "role", label: "Role here", cell: (grant) => <Role project={project} grant={grant} mayGive={mayGive} /> },
    { id: "since", label: "Since", cell: ({ created_at: at }) => <Time at={at} /> },
  ];
  const actions: Column<Grant> = {
    id: "actions",
    label: "Actions",
    hideLabel: true,
    align: "end",
    cell: (grant) => (
      <Button size="small" onClick={() => setRemoved(grant)}>
        Take away<span className="sr-only"> the role of {grant.name}</span>
      </Button>
    ),
  };

  return (
    <Card
      flush
      title="Roles on this project"
      description="Besides the role that somebody has on all projects; the greater of the two counts."
      actions={
        mayGive && (
          <Button icon={<Plus />} onClick={() => setGiving(true)}>
            Give a role
          </Button>
        )
      }
    >
      <DataTable
        label="Roles on this project"
        columns={mayGive ? [...columns, actions] : columns}
        rows={grants.data?.items ?? []}
        keyOf={({ id }) => id}
        state={queryState(grants)}
        empty={
          <EmptyState icon={<UsersRound />} title="No roles of its own">
            Who works on all projects has access here, too. A person or a team can be given a role on this project alone.
          </EmptyState>
        }
      />
      <GrantDialog project={project} open={isGiving} onOpenChange={setGiving} />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title={`Take the role of ${removed?.name} away?`}
        action="Take it away"
        onConfirm={() => remove.mutateAsync(removed?.id ?? 0)}
      >
        <p>It counts from the next request on. What they may do on all projects stays.</p>
      </ConfirmDialog>
    </Card>
  );
}

function Role({ project, grant, mayGive }: { project: string; grant: Grant; mayGive: boolean }) {
  const put = usePutGrant(project);
  const me = useMe();
  const own = me ? roleOn(me, project) : "";
  if (!mayGive || rank(grant.role) > rank(own)) return <span>{grant.role}</span>;
  const who = typeof grant.team === "number" ? { team: grant.name } : { email: grant.name };
  return (
    <RoleSelect<ProjectRole>
      short
      aria-label={`Role of ${grant.name}`}
      className="w-32"
      offered={upTo(projectRoles, own)}
      disabled={put.isPending}
      value={put.isPending ? put.variables.role : (grant.role as ProjectRole)}
      onChange={(role) => put.mutate({ ...who, role }, { onError: toast.failed })}
    />
  );
}
