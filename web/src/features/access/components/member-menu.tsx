import { Ellipsis, KeyRound, ShieldOff, UserMinus } from "lucide-react";
import { useState } from "react";

import { ConfirmDialog } from "@/ui/confirm-dialog";
import { Dialog } from "@/ui/dialog";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";
import { NewPasswordForm } from "@/ui/new-password-form";
import { toast } from "@/ui/toast";
import { useChangeUser, useRemoveUser, useResetFactor, type User } from "@/features/access/queries";

type Asked = "password" | "factor" | "remove";

export function MemberMenu({ user }: { user: User }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const remove = useRemoveUser();
  const resetFactor = useResetFactor();
  const close = (open: boolean) => !open && setAsked(null);
  return (
    <>
      <DropdownMenu trigger={<IconButton label={`More for ${user.email}`} tip={false} icon={<Ellipsis />} />}>
        <MenuItem icon={<KeyRound />} onSelect={() => setAsked("password")}>
          Set a new password
        </MenuItem>
        <MenuItem icon={<ShieldOff />} onSelect={() => setAsked("factor")}>
          Turn off the second factor
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger icon={<UserMinus />} onSelect={() => setAsked("remove")}>
          Remove
        </MenuItem>
      </DropdownMenu>
      <Dialog
        open={asked === "password"}
        onOpenChange={close}
        title={`A new password for ${user.email}`}
        description="All of their sessions and API keys end. Tell them the password in a safe way; they can change it."
      >
        <NewPassword user={user} onDone={() => setAsked(null)} />
      </Dialog>
      <ConfirmDialog
        open={asked === "factor"}
        onOpenChange={close}
        title={`Turn off the second factor of ${user.email}?`}
        action="Turn it off"
        onConfirm={async () => {
          await resetFactor.mutateAsync(user.id);
          toast.done(`The second factor of ${user.email} is off.`);
        }}
      >
        <p>For who has lost phone and recovery codes. Be sure that it is them who ask. All of their sessions end.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === "remove"}
        onOpenChange={close}
        title={`Remove ${user.email}?`}
        action="Remove the member"
        typed={user.email}
        onConfirm={async () => {
          await remove.mutateAsync(user.id);
          toast.done(`${user.email} is removed.`);
        }}
      >
        <p>Their sessions and API keys end at once, and they leave all teams. What they deployed stays.</p>
      </ConfirmDialog>
    </>
  );
}

function NewPassword({ user, onDone }: { user: User; onDone: () => void }) {
  const change = useChangeUser();
  const set = (password: string) =>
    change.mutate(
      { user: user.id, password },
      {
        onSuccess: () => {
          toast.done(`The password of ${user.email} is changed.`);
          onDone();
        },
      },
    );
  return <NewPasswordForm action="Set the password" busy={change.isPending} error={change.error} onSubmit={set} />;
}
