import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";

import { may } from "@/lib/me/rights";
import { useMe } from "@/lib/me/use-rights";
import { rank, roles, upTo } from "@/lib/roles";
import { Badge } from "@/ui/badge";
import { buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { RoleSelect } from "@/ui/role-select";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { toast } from "@/ui/toast";
import { MemberMenu } from "@/features/access/components/member-menu";
import { ServiceAccounts } from "@/features/access/components/service-accounts";
import { useChangeUser, usersQuery, type User } from "@/features/access/queries";

export function MembersPage() {
  const me = useMe();
  const { rows, state } = pagesState(useInfiniteQuery(usersQuery));
  const people = rows.filter(({ kind }) => kind === "person");

  const columns: Column<User>[] = [
    {
      id: "email",
      label: "E-mail address",
      main: true,
      sort: ({ email }) => email,
      cell: ({ id, email }) => (
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{email}</span>
          {id === me?.id && <Badge tone="accent">You</Badge>}
        </span>
      ),
    },
    { id: "role", label: "Role", sort: ({ role }) => rank(role), cell: (user) => <Role user={user} own={me?.role ?? ""} ownId={me?.id ?? 0} /> },
    { id: "since", label: "Since", cell: ({ created_at: at }) => <Time at={at} /> },
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (user) => user.id !== me?.id && rank(user.role) <= rank(me?.role ?? "") && <MemberMenu user={user} />,
    },
  ];

  return (
    <>
      <Card
        flush
        title="Members"
        description="A role holds on all projects. On single projects more can be given, at their page Access."
        actions={
          may(me, "invitations.manage") && (
            <Link to="/settings/invitations" className={buttonClass("primary")}>
              <UserPlus aria-hidden />
              Invite somebody
            </Link>
          )
        }
      >
        <DataTable
          label="Members"
          columns={columns}
          rows={people}
          keyOf={({ id }) => id}
          state={state}
          empty={<EmptyState title="No members">An invitation makes one.</EmptyState>}
        />
      </Card>
      {may(me, "service_accounts.manage") && <ServiceAccounts />}
    </>
  );
}

function Role({ user, own, ownId }: { user: User; own: string; ownId: number }) {
  const change = useChangeUser();
  if (user.id === ownId || rank(user.role) > rank(own)) return <span>{user.role}</span>;
  return (
    <RoleSelect
      short
      aria-label={`Role of ${user.email}`}
      className="w-32"
      offered={upTo(roles, own)}
      disabled={change.isPending}
      value={(change.variables?.role ?? user.role) as (typeof roles)[number]}
      onChange={(role) =>
        change.mutate(
          { user: user.id, role },
          {
            onSuccess: () => {
              change.reset();
              toast.done(`${user.email} is ${role} now.`);
            },
            onError: (problem) => {
              change.reset();
              toast.failed(problem);
            },
          },
        )
      }
    />
  );
}
