import { useQuery } from "@tanstack/react-query";
import { MailPlus, Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { queryState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { InviteDialog } from "@/features/access/components/invite-dialog";
import { invitationsQuery, useRevokeInvitation, type Invitation } from "@/features/access/queries";

export function InvitationsPage() {
  const invitations = useQuery(invitationsQuery);
  const [isInviting, setInviting] = useState(false);
  const [revoked, setRevoked] = useState<Invitation | null>(null);
  const revoke = useRevokeInvitation();

  const columns: Column<Invitation>[] = [
    { id: "email", label: "E-mail address", main: true, cell: ({ email }) => <span className="font-medium wrap-anywhere">{email}</span> },
    { id: "role", label: "Role", cell: ({ role }) => role },
    { id: "inviter", label: "Invited by", cell: ({ inviter }) => <span className="wrap-anywhere">{inviter}</span> },
    { id: "made", label: "Made", cell: ({ created_at: at }) => <Time at={at} /> },
    { id: "expires", label: "Expires", cell: ({ expires_at: at }) => <Time at={at} /> },
    {
      id: "actions",
      label: "Actions",
      hideLabel: true,
      align: "end",
      cell: (invitation) => (
        <Button size="small" onClick={() => setRevoked(invitation)}>
          Revoke<span className="sr-only"> the invitation of {invitation.email}</span>
        </Button>
      ),
    },
  ];

  return (
    <Card
      flush
      title="Open invitations"
      description="Each makes one account within 7 days. Its link is shown once, when it is made; send it yourself."
      actions={
        <Button kind="primary" icon={<Plus />} onClick={() => setInviting(true)}>
          Invite somebody
        </Button>
      }
    >
      <DataTable
        label="Open invitations"
        columns={columns}
        rows={invitations.data?.items ?? []}
        keyOf={({ id }) => id}
        state={queryState(invitations)}
        empty={
          <EmptyState icon={<MailPlus />} title="No open invitations">
            An invitation is a link with which somebody makes an account, with the role and the projects that you choose.
          </EmptyState>
        }
      />
      <InviteDialog open={isInviting} onOpenChange={setInviting} />
      <ConfirmDialog
        open={revoked !== null}
        onOpenChange={(open) => !open && setRevoked(null)}
        title={`Revoke the invitation of ${revoked?.email}?`}
        action="Revoke the invitation"
        onConfirm={() => revoke.mutateAsync(revoked?.id ?? 0)}
      >
        <p>Its link makes no account any more. You can invite them again.</p>
      </ConfirmDialog>
    </Card>
  );
}
