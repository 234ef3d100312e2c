import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useCompleteLogin } from "@/features/session/queries";

const fields = ["code"] as const;

// The second step of a login, where a second factor is on.
export function CodeForm({ token, onDone, onOver }: { token: string; onDone: () => void; onOver: () => void }) {
  const complete = useCompleteLogin();
  const [code, setCode] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    complete.mutate({ token, code: code.trim() }, { onSuccess: onDone, onError: () => setCode("") });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {complete.error && <ProblemAlert error={complete.error} shownFields={fields} />}
      <FormField label="Code" hint="Of the app on your phone, or one of your recovery codes.">
        <Input
          name="code"
          autoComplete="one-time-code"
          autoFocus
          required
          maxLength={64}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </FormField>
      <Button type="submit" kind="primary" busy={complete.isPending}>
        Log in
      </Button>
      <Button type="button" onClick={onOver}>
        Begin again
      </Button>
    </form>
  );
}
