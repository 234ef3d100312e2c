import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { may } from "@/lib/me/rights";
import { useMe } from "@/lib/me/use-rights";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ProblemAlert } from "@/ui/problem-alert";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toast";
import { GrantDialog } from "@/features/access/teams/grant-dialog";
import { Line } from "@/features/access/teams/line";
import { teamGrantsQuery, useRemoveTeamGrant, type Team } from "@/features/access/teams/queries";

export function TeamGrants({ team }: { team: Team }) {
  const [isGiving, setGiving] = useState(false);
  const mayGive = may(useMe(), "grants.manage");
  return (
    <section className="grid content-start gap-2">
      <h3 className="text-[0.8125rem] font-medium text-muted">Roles on projects</h3>
      <Grants team={team} />
      {mayGive && (
        <div>
          <Button size="small" icon={<Plus />} onClick={() => setGiving(true)}>
            Give a role<span className="sr-only"> to {team.name}</span>
          </Button>
        </div>
      )}
      <GrantDialog team={team} open={isGiving} onOpenChange={setGiving} />
    </section>
  );
}

function Grants({ team }: { team: Team }) {
  const grants = useQuery(teamGrantsQuery);
  const remove = useRemoveTeamGrant();
  const me = useMe();
  if (grants.isPending) return <Skeleton className="my-2 w-1/2" />;
  if (grants.isError && !grants.data) return <ProblemAlert error={grants.error} onRetry={() => grants.refetch()} />;
  const own = grants.data.filter((grant) => grant.team === team.id);
  if (own.length === 0) return <p className="py-1.5 text-muted">None yet.</p>;
  return (
    <ul>
      {own.map(({ id, project, role }) => (
        <Line
          key={id}
          label={`Take the role on ${project} away`}
          busy={remove.isPending && remove.variables.grant === id}
          onRemove={may(me, "grants.manage", project) ? () => remove.mutate({ project, grant: id }, { onError: toast.failed }) : undefined}
        >
          <Link to="/projects/$project/access" params={{ project }} className="hover:text-accent">
            {project}
          </Link>
          <Badge>{role}</Badge>
        </Line>
      ))}
    </ul>
  );
}
