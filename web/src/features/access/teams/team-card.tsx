import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";

import { ConfirmDialog } from "@/ui/confirm-dialog";
import { plural } from "@/lib/format";
import { Card } from "@/ui/card";
import { DropdownMenu, MenuItem } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";
import { NameDialog } from "@/features/access/teams/name-dialog";
import { useRemoveTeam, useRenameTeam, type Team } from "@/features/access/teams/queries";
import { TeamGrants } from "@/features/access/teams/team-grants";
import { TeamMembers } from "@/features/access/teams/team-members";

interface Props {
  team: Team;
  mayManage: boolean;
}

export function TeamCard({ team, mayManage }: Props) {
  return (
    <Card title={team.name} description={plural(team.members.length, "member")} actions={mayManage && <TeamMenu team={team} />}>
      <div className="grid gap-6 md:grid-cols-2">
        <TeamMembers team={team} mayManage={mayManage} />
        <TeamGrants team={team} />
      </div>
    </Card>
  );
}

function TeamMenu({ team }: { team: Team }) {
  const [asked, setAsked] = useState<"name" | "remove" | null>(null);
  const rename = useRenameTeam(team.id);
  const remove = useRemoveTeam();
  const close = (open: boolean) => !open && setAsked(null);
  return (
    <>
      <DropdownMenu trigger={<IconButton label={`More for ${team.name}`} tip={false} icon={<Ellipsis />} />}>
        <MenuItem icon={<Pencil />} onSelect={() => setAsked("name")}>
          Rename
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onSelect={() => setAsked("remove")}>
          Remove
        </MenuItem>
      </DropdownMenu>
      <NameDialog
        open={asked === "name"}
        onOpenChange={close}
        title={`Rename ${team.name}`}
        action="Rename the team"
        name={team.name}
        onName={(name) => rename.mutateAsync(name)}
      />
      <ConfirmDialog
        open={asked === "remove"}
        onOpenChange={close}
        title={`Remove ${team.name}?`}
        action="Remove the team"
        typed={team.name}
        onConfirm={() => remove.mutateAsync(team.id)}
      >
        <p>What was granted to it is taken away with it. Its members stay members of Temps.</p>
      </ConfirmDialog>
    </>
  );
}
