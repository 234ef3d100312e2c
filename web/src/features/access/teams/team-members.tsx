import { useInfiniteQuery } from "@tanstack/react-query";

import { useMay } from "@/lib/me/use-rights";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toast";
import { usersQuery } from "@/features/access/queries";
import { Line } from "@/features/access/teams/line";
import { useAddMember, useTakeOut, type Team } from "@/features/access/teams/queries";

export function TeamMembers({ team, mayManage }: { team: Team; mayManage: boolean }) {
  const takeOut = useTakeOut(team.id);
  const maySeeUsers = useMay("users.manage");
  return (
    <section className="grid content-start gap-2">
      <h3 className="text-[0.8125rem] font-medium text-muted">Members</h3>
      {team.members.length === 0 && <p className="py-1.5 text-muted">Nobody yet.</p>}
      <ul>
        {team.members.map(({ user, email }) => (
          <Line
            key={user}
            label={`Take ${email} out of ${team.name}`}
            busy={takeOut.isPending && takeOut.variables === user}
            onRemove={mayManage ? () => takeOut.mutate(user, { onError: toast.failed }) : undefined}
          >
            {email}
          </Line>
        ))}
      </ul>
      {mayManage && maySeeUsers && <AddMember team={team} />}
    </section>
  );
}

function AddMember({ team }: { team: Team }) {
  const users = useInfiniteQuery(usersQuery);
  const add = useAddMember(team.id);
  const present = new Set(team.members.map(({ user }) => user));
  const others = (users.data?.pages ?? []).flatMap(({ items }) => items).filter(({ id }) => !present.has(id));
  if (others.length === 0) return null;
  return (
    <Select
      aria-label={`Add somebody to ${team.name}`}
      className="max-w-72"
      disabled={add.isPending}
      value=""
      options={[{ value: "", label: "Add somebody…" }, ...others.map(({ id, email }) => ({ value: String(id), label: email }))]}
      onChange={(event) => add.mutate(Number(event.target.value), { onError: toast.failed })}
    />
  );
}
