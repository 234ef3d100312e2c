import { useQuery } from "@tanstack/react-query";
import { Plus, Users } from "lucide-react";
import { useState } from "react";

import { useMay } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { NameDialog } from "@/features/access/teams/name-dialog";
import { teamsQuery, useCreateTeam } from "@/features/access/teams/queries";
import { TeamCard } from "@/features/access/teams/team-card";

export function TeamsPage() {
  const teams = useQuery(teamsQuery);
  const mayManage = useMay("teams.manage");
  const [isMaking, setMaking] = useState(false);

  if (teams.isPending) return <SkeletonCard lines={4} />;
  if (teams.isError && !teams.data) return <ProblemAlert error={teams.error} onRetry={() => teams.refetch()} />;
  const { items } = teams.data;
  const make = mayManage && (
    <Button kind="primary" icon={<Plus />} onClick={() => setMaking(true)}>
      Make a team
    </Button>
  );
  return (
    <>
      {items.length === 0 ? (
        <Card>
          <EmptyState icon={<Users />} title="No teams" actions={make}>
            A role on a project that is given to a team holds for all of its members, also for those who join later.
          </EmptyState>
        </Card>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted">A role on a project that is given to a team holds for all of its members.</p>
          {make}
        </div>
      )}
      {items.map((team) => (
        <TeamCard key={team.id} team={team} mayManage={mayManage} />
      ))}
      <NewTeam open={isMaking} onOpenChange={setMaking} />
    </>
  );
}

function NewTeam({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const create = useCreateTeam();
  return (
    <NameDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Make a team"
      action="Make the team"
      name=""
      onName={(name) => create.mutateAsync(name)}
    />
  );
}
