import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { linkWith } from "@/lib/fragment";
import { useMe } from "@/lib/me/use-rights";
import { roles, upTo, type RoleName } from "@/lib/roles";
import { Button } from "@/ui/button";
import { ChoiceList } from "@/ui/choice-list";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { RoleSelect } from "@/ui/role-select";
import { ShownOnce } from "@/ui/shown-once";
import { WishList } from "@/features/access/components/wish-list";
import { useInvite } from "@/features/access/queries";
import { teamsQuery } from "@/features/access/teams/queries";
import { settled, type Wish } from "@/features/access/wishes";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function InviteDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog firm open={open} onOpenChange={onOpenChange} title="Invite somebody">
      <InviteForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function InviteForm({ onDone }: { onDone: () => void }) {
  const invite = useInvite();
  const own = useMe()?.role ?? "";
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<RoleName>("guest");
  const [wishes, setWishes] = useState<Wish[]>([]);
  const [chosen, setChosen] = useState<string[]>([]);
  const wrong = invite.error?.fields.email;

  function submit(event: FormEvent) {
    event.preventDefault();
    invite.mutate({ email: email.trim(), role, grants: settled(wishes), teams: chosen.map(Number) });
  }

  if (invite.data) {
    const { token, invitation } = invite.data;
    return (
      <ShownOnce secret={linkWith("/invite", token)} label="Copy the link" onDone={onDone}>
        Send this link to {invitation.email}. It makes their account, once, within 7 days.
      </ShownOnce>
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {invite.error && !wrong && <ProblemAlert error={invite.error} />}
      <FormField label="E-mail address" error={wrong}>
        <Input autoFocus type="email" required autoComplete="off" maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} />
      </FormField>
      <FormField label="Role on all projects">
        <RoleSelect offered={upTo(roles, own)} value={role} onChange={setRole} />
      </FormField>
      <WishList wishes={wishes} onChange={setWishes} />
      {teams.length > 0 && (
        <ChoiceList
          legend="Teams"
          choices={teams.map(({ id, name }) => ({ value: String(id), label: name }))}
          chosen={chosen}
          onChange={setChosen}
        />
      )}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={invite.isPending} disabled={email.trim() === ""}>
          Make the invitation
        </Button>
      </div>
    </form>
  );
}
