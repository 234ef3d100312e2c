import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { toast } from "@/ui/toast";
import { useChangePassword } from "@/features/account/queries";

const fields = ["current", "password"] as const;

export function PasswordCard({ hasPassword }: { hasPassword: boolean }) {
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [revokes, setRevokes] = useState(false);
  const wrong = change.error?.fields ?? {};
  const isElsewhere = change.error && !fields.some((field) => wrong[field]);

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(
      { ...(hasPassword && { current }), password, revoke_api_keys: revokes },
      {
        onSuccess: () => {
          setCurrent("");
          setPassword("");
          toast.done("The password is set. All other sessions have ended.");
        },
      },
    );
  }

  return (
    <Card
      title="Password"
      description={
        hasPassword
          ? "Changing it ends every other session of yours."
          : "You have none: you log in by a provider. Set one within 10 minutes of a login to have a second way in, and to turn on a second factor."
      }
    >
      <form onSubmit={submit} className="grid max-w-sm gap-4" noValidate>
        {isElsewhere && <ProblemAlert error={change.error} shownFields={fields} />}
        {hasPassword && (
          <FormField label="Present password" error={wrong.current}>
            <Input type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} />
          </FormField>
        )}
        <FormField label="New password" hint="10 characters or more." error={wrong.password}>
          <Input type="password" autoComplete="new-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
        </FormField>
        <Checkbox label="Revoke all API keys, too" hint="If somebody may have known the password." checked={revokes} onChange={setRevokes} />
        <div>
          <Button type="submit" kind="primary" busy={change.isPending} disabled={(hasPassword && current === "") || password === ""}>
            {hasPassword ? "Change the password" : "Set the password"}
          </Button>
        </div>
      </form>
    </Card>
  );
}
